"""Text that code might take for code: what a hostile register, place name or note may hold. Every test uses this list.

Each entry is one line of text and has to arrive wherever text arrives exactly as it stands here.
"""

from __future__ import annotations

# A template engine would evaluate, or choke on, these.
TEMPLATES = (
    "{{7*7}}",
    "{{ lipsum.__globals__.os.mkdir(dict(harta_pwned=0)|join) }}",
    '{{constructor.constructor("alert(1)")()}}',
    "{{ 'hs_name' }}",
    "unpaired {{",
    "}} unpaired",
    "{% for each in all %}",
    "{% raw %}",
    "{%",
    "{# no comment #}",
    "{#",
    "{0} {name} {x!r} {{x}}",
    "%s %(name)s %d %",
    "$name ${name}",
    "<%= 7*7 %>",
    "#{7*7}",
    "{nb} pages",
)
# A browser would run, fetch or close these.
MARKUP = (
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "-->",
    "]]>",
    "<img src=x onerror=alert(1)>",
    '"><img src="//evil.example/x.png" onerror="alert(1)">',
    "<svg/onload=alert(1)>",
    "<iframe src=//evil.example></iframe>",
    "<b>bold</b>",
    "&lt;i&gt; &amp; &#60;",
    '" onmouseover="alert(1)" x=\'',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
)
# A parser of scripts would end a string, or a line, at these.
SCRIPTS = (
    "${alert(1)}",
    "`${alert(1)}`",
    "');alert(1);//",
    '");alert(1);//',
    "\\",
    "\\' \\\" \\",
    "\\u003cimg src=x onerror=alert(1)\\u003e",
    "line\u2028paragraph\u2029end",
    "alert(coords); map_div _abc123 map_div2",
)
# Markdown of a screen would set these otherwise, or ask another host for them.
MARKDOWN = (
    "![x](http://evil.example/x.png)",
    "[x](http://evil.example)",
    ":red[x] :material/home: $x^2$ ~~x~~",
    "**x** _x_ # x `x` 1. x",
    "1. x",
    "- x",
    "http://evil.example/ www.evil.example x@evil.example :smile:",
)
# A spreadsheet would compute these; there, and only there, they arrive behind an apostrophe or as text cells.
FORMULAS = ('=HYPERLINK("http://evil.example")', "+1+1", "-1+1", "@SUM(1)")

HOSTILE = (*TEMPLATES, *MARKUP, *SCRIPTS, *MARKDOWN, *FORMULAS)
