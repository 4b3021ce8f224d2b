import Crypto
import Foundation

/// The style of a report, and the policy that lets a page have this style and nothing else.
enum HTMLStyle {
  static let text: StaticString = """
    :root{color-scheme:light dark;--ink:#1b1f24;--quiet:#59636e;--line:#d4d9df;--page:#fff;--box:#f6f8fa;--bad:#b3261e;
    --open:#8a5a00;--good:#1a6b3c;--mark:#0b5cad}
    @media (prefers-color-scheme:dark){:root{--ink:#e6e9ed;--quiet:#9aa4af;--line:#3a424b;--page:#15191e;--box:#1e242b;
    --bad:#ff8a80;--open:#f0b45a;--good:#7fd6a2;--mark:#7db8f5}}
    *{box-sizing:border-box}
    body{margin:0 auto;max-width:62rem;padding:1rem;font:16px/1.5 system-ui,sans-serif;color:var(--ink);
    background:var(--page);overflow-wrap:anywhere}
    h1{font-size:1.5rem;margin:.2rem 0}h2{font-size:1.15rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}
    h3{font-size:1rem;margin:1.1rem 0 .2rem}
    p,ul,dl{margin:.3rem 0}dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem}dt{color:var(--quiet)}
    dd{margin:0}ul{padding-left:1.2rem}
    .verdict{border-left:.4rem solid var(--mark);background:var(--box);padding:.7rem 1rem;margin:1rem 0}
    .verdict.bad{border-color:var(--bad)}.verdict.open{border-color:var(--open)}.verdict.good{border-color:var(--good)}
    .verdict strong{font-size:1.3rem}.verdict.bad,.verdict.open,.verdict.good{color:var(--ink)}
    .quiet{color:var(--quiet)}.bad{color:var(--bad)}.open{color:var(--open)}.good{color:var(--good)}
    .answer{display:inline-block;min-width:4.5rem;font-weight:600}
    .scroll{overflow-x:auto;max-width:100%}
    table{border-collapse:collapse;font-size:.85rem}th,td{border:1px solid var(--line);padding:.15rem .5rem;
    text-align:left;vertical-align:top;overflow-wrap:normal}th{background:var(--box)}
    pre{background:var(--box);padding:.5rem;overflow-x:auto;font-size:.8rem;white-space:pre-wrap}
    details{margin:.4rem 0}summary{cursor:pointer}
    svg{width:100%;height:auto;background:var(--box)}
    .narrow{display:none}@media (max-width:36rem){.wide{display:none}.narrow{display:block}}
    .axis{fill:var(--quiet);font:12px system-ui,sans-serif}.band{fill:var(--good);fill-opacity:.15}
    .breach{fill:var(--bad);fill-opacity:.16}.curve{fill:none;stroke:var(--mark);stroke-width:1.5}
    .expected{fill:none;stroke:var(--good);stroke-width:1;stroke-dasharray:5 4}.edge{stroke:var(--line);stroke-width:1}
    .point{fill:var(--mark)}
    @media print{body{max-width:none;font-size:10pt}details::details-content{content-visibility:visible;
    display:block}section{break-inside:avoid-page}a{color:inherit}}
    """

  /// The content security policy: nothing is loaded, nothing runs, and of styles only this one counts.
  static var policy: String {
    let digest = Data(SHA256.hash(data: Array("\(text)".utf8))).base64EncodedString()
    return "default-src 'none'; style-src 'sha256-\(digest)'; base-uri 'none'; form-action 'none'"
  }
}
