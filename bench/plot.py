"""A plot of what a request costs each server, as SVG: groups of bars above one axis."""

from xml.sax.saxutils import escape

from measure import middle

WIDTH, LEFT, RIGHT = 860, 380, 60
BAR, GAP, AXIS, PANEL_GAP = 13, 9, 18, 44
MOST_TICKS = 6
UNIT = "µs of processor time a request: user and system, all threads and processes of a server"
COLOURS = ("#b3261e", "#4c6a92", "#8fa3bf", "#5b8a5a", "#b9a44c", "#777777")


class Drawing:
    """Lines of SVG from the top downwards."""

    def __init__(self):
        self.lines, self.y, self.grid_at = [], 26, 0

    def text(self, x, y, text, more=""):
        self.lines.append(f'<text x="{x}" y="{y}" {more}>{escape(text)}</text>')

    def bar(self, label, width, colour, value):
        self.lines.append(f'<rect x="{LEFT}" y="{self.y}" width="{width:.1f}" height="{BAR - 2}" '
                          f'fill="{colour}"/>')
        self.text(LEFT - 6, self.y + BAR - 3, label, 'text-anchor="end" class="name"')
        self.text(round(LEFT + width + 4, 1), self.y + BAR - 3, value, 'class="name"')
        self.y += BAR

    def grid(self, top, most, scale):
        """Vertical lines from `top` downwards, and their values below."""
        lines = []
        for tick in ticks(most):
            x = round(LEFT + tick * scale, 1)
            lines.append(f'<path d="M{x} {top}V{self.y}" stroke="#ddd"/>')
            self.text(x, self.y + AXIS - 4, f"{tick:g}", 'text-anchor="middle" class="name"')
        self.lines[self.grid_at:self.grid_at] = lines
        self.text(LEFT, self.y + 2 * AXIS - 6, UNIT, 'class="name"')
        self.y += 2 * AXIS

    def begin_grid(self):
        self.grid_at = len(self.lines)

    def done(self):
        head = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{self.y}" '
                f'viewBox="0 0 {WIDTH} {self.y}" font-family="sans-serif" font-size="13">\n'
                '<style>.name{font-size:11px} .panel{font-weight:bold} '
                '.title{font-size:16px;font-weight:bold} text{fill:#222}</style>\n'
                f'<rect width="{WIDTH}" height="{self.y}" fill="#fff"/>\n')
        return head + "\n".join(self.lines) + "\n</svg>\n"


def ticks(most):
    """Values from 0 to `most`, in steps of 1, 2 or 5 times a power of ten."""
    step = next(step for power in range(-3, 9) for step in (10.0 ** power, 2 * 10.0 ** power,
                                                           5 * 10.0 ** power)
                if most / step <= MOST_TICKS)
    return [step * count for count in range(int(most / step) + 1)]


def draw_case(drawing, measured, scale, colours):
    drawing.text(8, drawing.y + BAR - 3, measured["title"])
    for name, rounds in measured["rounds"].items():
        cpu_us = middle(rounds, "cpu_us")
        drawing.bar(name, cpu_us * scale, colours[name], f"{cpu_us:.1f}")
    drawing.y += GAP


def draw_panel(drawing, panel, cases):
    names = list(dict.fromkeys(name for measured in cases for name in measured["rounds"]))
    colours = {name: COLOURS[at % len(COLOURS)] for at, name in enumerate(names)}
    most = max(middle(rounds, "cpu_us") for measured in cases
               for rounds in measured["rounds"].values())
    scale = (WIDTH - LEFT - RIGHT) / max(most, 1e-9)
    drawing.text(8, drawing.y, panel, 'class="panel"')
    drawing.y += GAP
    top = drawing.y
    drawing.begin_grid()
    for measured in cases:
        draw_case(drawing, measured, scale, colours)
    drawing.grid(top, most, scale)


def plot(results):
    """All cases of a panel; each panel has a scale of its own."""
    drawing, on = Drawing(), results["machine"]
    shown = [measured for measured in results["cases"] if measured["panel"]]
    drawing.text(8, drawing.y, "What a request costs", 'class="title"')
    drawing.text(8, drawing.y + 20, f"Khobor {results['revision']}, {results['date']}, on "
                 f"{on['processor']}, {on['cores']} cores, Linux {on['kernel']}; medians of the "
                 "rounds, less is better", 'class="name"')
    drawing.y += PANEL_GAP + 8
    for panel in dict.fromkeys(measured["panel"] for measured in shown):
        draw_panel(drawing, panel, [case for case in shown if case["panel"] == panel])
        drawing.y += PANEL_GAP - AXIS
    return drawing.done()
