#!/bin/sh
# The machines that the network team is to isolate: reads the export `clients` and prints one line for each machine
# that was found to tunnel, under a header. The last column of the export is the machine's verdict.
exec awk -F, '
  BEGIN { print "address,reason" }
  { sub(/\r$/, "") }
  NR > 1 && ($NF == "leak" || $NF == "tunnel") { print $1 "," $NF }
' "$1"
