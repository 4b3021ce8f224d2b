internal import RunbookPorts
package import Values

/// One compact JSON object a row and line, members in the order of the columns, every line ended by LF.
///
/// A missing value is `null`. Numbers that JSON readers may not hold exactly are strings, as are times and addresses.
package struct JSONLinesExporter: Exporter {
  package let format = "jsonl"
  package let mediaType = "application/jsonl"

  package init() {}

  package func encode(_ table: Table) -> [UInt8] {
    var output: [UInt8] = []
    for row in table.rows {
      output += Value.row(row).json.compactText.utf8
      output.append(0x0A)
    }
    return output
  }
}
