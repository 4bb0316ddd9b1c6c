"""A plot of what a request costs each server: bars in groups, written as SVG."""

from xml.sax.saxutils import escape

from measure import middle

WIDTH, LEFT, RIGHT = 820, 350, 60
BAR, GAP, PANEL_GAP = 13, 12, 34
COLOURS = ("#b3261e", "#4c6a92", "#8fa3bf", "#5b8a5a", "#b9a44c", "#777777")


class Drawing:
    """Lines of SVG from the top downwards."""

    def __init__(self):
        self.lines, self.y = [], 28

    def text(self, x, y, text, more=""):
        self.lines.append(f'<text x="{x}" y="{y}" {more}>{escape(text)}</text>')

    def bar(self, label, width, colour, value):
        self.lines.append(f'<rect x="{LEFT}" y="{self.y}" width="{width:.1f}" height="{BAR - 2}" '
                          f'fill="{colour}"/>')
        self.text(LEFT - 6, self.y + BAR - 3, label, 'text-anchor="end" class="name"')
        self.text(round(LEFT + width + 4, 1), self.y + BAR - 3, value, 'class="name"')
        self.y += BAR

    def done(self):
        head = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{self.y}" '
                f'viewBox="0 0 {WIDTH} {self.y}" font-family="sans-serif" font-size="13">\n'
                '<style>.name{font-size:11px} .panel{font-weight:bold} text{fill:#222}</style>\n'
                f'<rect width="{WIDTH}" height="{self.y}" fill="#fff"/>\n')
        return head + "\n".join(self.lines) + "\n</svg>\n"


def draw_case(drawing, measured, scale, colours):
    drawing.text(8, drawing.y + BAR - 3, measured["title"])
    for name, rounds in measured["rounds"].items():
        cpu_us = middle(rounds, "cpu_us")
        drawing.bar(name, cpu_us * scale, colours[name], f"{cpu_us:.1f}")
    drawing.y += GAP


def plot(results):
    """All cases that belong to a panel; each panel has its own scale."""
    drawing = Drawing()
    shown = [measured for measured in results["cases"] if measured["panel"]]
    for panel in dict.fromkeys(measured["panel"] for measured in shown):
        own = [measured for measured in shown if measured["panel"] == panel]
        names = list(dict.fromkeys(name for measured in own for name in measured["rounds"]))
        colours = {name: COLOURS[at % len(COLOURS)] for at, name in enumerate(names)}
        most = max(middle(rounds, "cpu_us") for measured in own
                   for rounds in measured["rounds"].values())
        drawing.text(8, drawing.y, panel, 'class="panel"')
        drawing.y += GAP
        for measured in own:
            draw_case(drawing, measured, (WIDTH - LEFT - RIGHT) / max(most, 1e-9), colours)
        drawing.y += PANEL_GAP - GAP
    return drawing.done()
