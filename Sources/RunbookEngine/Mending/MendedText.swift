import Diagnostics

/// A document in which mends were applied, from its beginning on.
struct MendedText {
  struct Place {
    /// What was replaced, in the document as it was.
    let old: SourceRange
    /// What stands there now.
    let new: SourceRange
  }

  var bytes: [UInt8] = []
  private(set) var places: [Place] = []
  /// Up to where the document was taken in.
  private(set) var end = 0

  mutating func add(_ mend: Diagnostic.FixIt, to source: SourceText) {
    bytes += source.bytes[end..<mend.range.start]
    let start = bytes.count
    bytes += Array(mend.replacement.utf8)
    places.append(Place(old: mend.range, new: SourceRange(start, bytes.count)))
    end = mend.range.end
  }

  /// The mends that made what is wrong there in another way: a text of a mapping, say.
  ///
  /// - Parameter errors: What is found in the mended document.
  func damaging(_ errors: [Diagnostic]) -> [SourceRange] {
    let forms = errors.filter { error in ["TOC00", "TOC01"].contains { error.code.id.hasPrefix($0) } }
    return places.filter { place in
      forms.contains { error in
        guard let range = error.location?.range, !range.isEmpty else { return false }
        return place.new.start <= range.start && range.end <= place.new.end
      }
    }.map(\.old)
  }
}
