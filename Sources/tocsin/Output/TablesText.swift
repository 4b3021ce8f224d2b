import Diagnostics
import RunbookPorts
import Values

/// Tables and columns for people.
struct TablesText {
  let style: Style

  init(coloured: Bool) { style = Style(coloured: coloured) }

  func text(of listings: [TableListing]) -> String {
    guard !listings.isEmpty else { return "no sources are bound" }
    let common =
      listings.contains { !$0.options.isEmpty }
      ? ["Every source also takes `gap`, `lag` and `silence: normal`, which say what window it covers."] : []
    return (listings.map(text(of:)) + common).joined(separator: "\n\n")
  }

  private func text(of listing: TableListing) -> String {
    var lines = [
      style(visible(listing.name), .title)
        + (listing.name == listing.kind ? "" : style("  by \(visible(listing.kind))", .quiet)),
      "  \(visible(listing.about))",
    ]
    if let problem = listing.problem { lines.append("  " + style("cannot be bound: \(visible(problem))", .bad)) }
    if !listing.options.isEmpty {
      let width = min(24, listing.options.map(\.name.count).max() ?? 0)
      lines.append("  " + style("options", .quiet))
      lines += listing.options.map { option in
        "    \(style(option.name.padded(to: width), .name))  \(option.about)" + (option.isRequired ? " (required)" : "")
      }
    }
    if let schema = listing.schema, schema.tables.isEmpty {
      lines.append("  asked in \(schema.languages.joined(separator: ", ")); it has no tables")
    }
    for table in listing.schema?.tables ?? [] { lines += self.lines(of: table, in: listing.source) }
    return lines.joined(separator: "\n")
  }

  private func lines(of table: TableSchema, in source: String) -> [String] {
    let names = min(28, table.columns.map(\.name.count).max() ?? 0)
    let types = table.columns.map(\.type.description.count).max() ?? 0
    return ["", "  table \(style(visible(table.sqlName(in: source)), .name)): \(visible(table.about))"]
      + table.columns.map { column in
        "    \(visible(column.name).padded(to: names))  "
          + style(column.type.description.padded(to: types), .quiet) + "  \(visible(column.about))"
      }
  }
}
