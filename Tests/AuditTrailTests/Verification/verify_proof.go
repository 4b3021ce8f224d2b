// Verifies an exported case with Go's sumdb packages, which know nothing of Tocsin: the signature of the checkpoint, and
// that each line of records.jsonl is in its tree.
//
//	go run verify_proof.go FOLDER KEY
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	folder := os.Args[1]
	verifier, err := note.NewVerifier(os.Args[2])
	check(err)
	records, err := os.ReadFile(filepath.Join(folder, "records.jsonl"))
	check(err)
	count := 0
	lines := bufio.NewScanner(bytes.NewReader(records))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var head struct {
			Seq int64 `json:"seq"`
		}
		check(json.Unmarshal(lines.Bytes(), &head))
		text, err := os.ReadFile(filepath.Join(folder, "proofs", fmt.Sprintf("%d.tlog-proof", head.Seq)))
		check(err)
		parts := strings.SplitN(string(text), "\n\n", 2)
		checkpoint, err := note.Open([]byte(parts[1]), note.VerifierList(verifier))
		check(err)
		body := strings.Split(checkpoint.Text, "\n")
		var size int64
		_, err = fmt.Sscanf(body[1], "%d", &size)
		check(err)
		var proof tlog.RecordProof
		for _, line := range strings.Split(parts[0], "\n")[2:] {
			var hash tlog.Hash
			data, err := base64.StdEncoding.DecodeString(line)
			check(err)
			copy(hash[:], data)
			proof = append(proof, hash)
		}
		root, err := tlog.ParseHash(body[2])
		check(err)
		check(tlog.CheckRecord(proof, size, root, head.Seq, tlog.RecordHash(lines.Bytes())))
		count++
	}
	check(lines.Err())
	fmt.Printf("%d records are in the tree that %s has signed\n", count, verifier.Name())
}
