#!/usr/bin/env bash
# Draws the screenshot of the demo from its real output:  ./build.sh demo | docs/pictures/demo.sh > docs/pictures/demo.svg
# Of the contests only the first and the fifth are drawn; long lines are cut.
set -euo pipefail

awk '
  /^IN CONFLICT/ { contests = 1 }
  /^KILLED/ { contests = 0 }
  contests && /^  [0-9]+\. / { hidden = !/^  [15]\. /; if (hidden && !elided) { lines[++n] = "  …"; elided = 1 } else if (!hidden) { elided = 0 } }
  !contests { hidden = 0 }
  /^NUMBERS/ { exit }
  !hidden { lines[++n] = length($0) > 132 ? substr($0, 1, 131) "…" : $0 }
  END {
    while (n > 0 && lines[n] == "") { n-- }
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 %d\" font-family=\"ui-monospace, monospace\" font-size=\"12\" role=\"img\">\n", n * 17 + 24
    print "  <title>./build.sh demo: three peers, a cut, conflicts, a kill, one result</title>"
    print "  <style>.back { fill: #f6f8fa; stroke: #d0d7de; } text { fill: #1f2328; white-space: pre; } .head { font-weight: 700; fill: #1a7f37; }"
    print "  @media (prefers-color-scheme: dark) { .back { fill: #0d1117; stroke: #30363d; } text { fill: #e6edf3; } .head { fill: #3fb950; } }</style>"
    printf "  <rect class=\"back\" x=\"0.5\" y=\"0.5\" width=\"999\" height=\"%d\" rx=\"6\"/>\n", n * 17 + 23
    for (i = 1; i <= n; i++) {
      text = lines[i]; gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text)
      printf "  <text%s x=\"14\" y=\"%d\" xml:space=\"preserve\">%s</text>\n", (text ~ /^[A-Z]/ ? " class=\"head\"" : ""), i * 17 + 12, text
    }
    print "</svg>"
  }'
