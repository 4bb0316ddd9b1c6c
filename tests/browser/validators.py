"""Validators that are not ours, each as a function that returns complaints: none, and it is valid.

HTML, CSS, SVG     the Nu HTML Checker of the W3C (npm vnu-jar, needs Java)
accessibility      axe (npm axe-core), run in a browser: WCAG 2.2 A and AA and best practices
sitemaps           the XML schema of sitemaps.org and the parser of npm sitemap
RSS, Atom          Ruby's RSS library as a validating parser, as no schema exists
JSON Feed          the JSON schema of npm jsonfeed-schema, with ajv
JSON-LD            schema.org's vocabulary as TypeScript (npm schema-dts) and Google's rules for
                   rich results (npm @adobe/structured-data-validator)

What these tools let pass though a specification forbids it, xml_rules.py adds. A tool that is
missing is an error, never a skipped check. npm's packages are those of tests/npm, installed in
build/npm or in the folder that the environment's KHOBOR_NPM names.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote

import xml_rules
from lxml import etree

HERE = Path(__file__).resolve().parent
NPM = Path(os.path.abspath(os.environ.get("KHOBOR_NPM") or HERE.parents[1] / "build/npm"))
WITHIN_S = 300
XML_KINDS = ("sitemap", "sitemap_index", "news_sitemap", "rss", "atom")


class Missing(Exception):
    """A validator is not installed, so that nothing was checked."""


def npm_path(path):
    """A file of an npm package, such as "axe-core/axe.min.js"."""
    found = NPM / "node_modules" / path
    if not found.exists():
        raise Missing(f"{found} is missing; npm ci installs what tests/npm/package.json names")
    return found


def tool(name):
    found = shutil.which(name)
    if not found:
        raise Missing(f"{name} is missing; tools/deps installs it")
    return found


def run(*command, given=b""):
    """What a tool prints; it must succeed, as a complaint is no failure of the tool."""
    done = subprocess.run([str(part) for part in command], input=given, capture_output=True,
                          timeout=WITHIN_S, check=False)
    assert done.returncode == 0, f"{command[0]} failed: {done.stderr.decode()}"
    return done.stdout.decode()


def run_npm(kind, documents):
    """The complaints of validators.cjs, a list for each document."""
    npm_path("ajv")
    printed = run(tool("node"), HERE / "validators.cjs", NPM, kind,
                  given=json.dumps(documents).encode())
    complaints = json.loads(printed)
    assert len(complaints) == len(documents)
    return complaints


# Pages, styles and pictures


def check_html(files):
    """Errors and warnings of pages that were saved in files."""
    return check_with_vnu("--html", files)


def check_css(files):
    return check_with_vnu("--css", files)


def check_svg(files):
    return check_with_vnu("--svg", files)


def check_with_vnu(as_kind, files):
    files = [Path(file).resolve() for file in files]
    assert files and all(file.is_file() for file in files), "there is a file that is none"
    printed = run(tool("java"), "-jar", npm_path("vnu-jar/build/dist/vnu.jar"), as_kind,
                  "--format", "json", "--stdout", "--exit-zero-always", *files)
    # A message is an error, a warning (an info with a subtype), or plain information.
    return [f"{place(message)}: {message['message']}" for message in json.loads(printed)["messages"]
            if message["type"] != "info" or "subType" in message]


def place(message):
    file = Path(unquote(message.get("url", "?"))).name
    return f"{file}:{message.get('lastLine', '?')}:{message.get('lastColumn', '?')}"


def check_accessibility(driver):
    """axe's violations in the page that a browser shows now, as it shows it now."""
    driver.execute_script(npm_path("axe-core/axe.min.js").read_text(encoding="utf-8"))
    driver.set_script_timeout(WITHIN_S)
    # Of the rules for WCAG A and AA, this is the only one that axe leaves out by default.
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    found = driver.execute_async_script(
        "const [options, done] = arguments;"
        "axe.run(document, options).then(done, error => done({failed: String(error)}));", options)
    assert "failed" not in found, found["failed"]
    assert found["passes"], "axe found nothing to check"
    return [f"{rule['id']} ({node['impact']}): {rule['help']}: {node['html']}"
            for rule in found["violations"] for node in rule["nodes"]]


# XML


def check_xml(kind, document):
    """Complaints about the bytes of a document of one of XML_KINDS."""
    assert kind in XML_KINDS, kind
    try:
        root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        return [f"not well-formed XML: {error}"]
    if root.getroottree().docinfo.encoding.upper() != "UTF-8":
        return ["the encoding is not UTF-8"]
    if kind in ("rss", "atom"):
        return check_feed(kind, root) + xml_rules.feed_complaints(kind, root)
    by_parser = run_npm("sitemap_index" if kind == "sitemap_index" else "sitemap",
                        [document.decode()])
    return check_schema(kind, root) + by_parser[0] + xml_rules.sitemap_complaints(kind, root)


def check_schema(kind, root):
    """sitemaps.org's schema knows no other namespace; and the package has it for sitemaps only,
    but an index has the very same elements under other names."""
    names = {"sitemapindex": "urlset", "sitemap": "url"} if kind == "sitemap_index" else {}
    plain = xml_rules.without(root, lambda name: name.namespace != xml_rules.SITEMAP)
    for element in plain.iter(etree.Element):
        name = etree.QName(element)
        # An index may not pass under the name of a sitemap, nor a sitemap under an index's.
        if names and name.localname in names.values():
            return [f"{name.localname} in a sitemap index"]
        element.tag = f"{{{name.namespace}}}{names.get(name.localname, name.localname)}"
    schema = etree.XMLSchema(file=str(npm_path("sitemap/schema/sitemap.xsd")))
    schema.validate(plain)
    return [f"line {error.line}: {error.message}" for error in schema.error_log]


def check_feed(kind, root):
    """Ruby knows no atom:link in RSS, so that it is taken out and left to xml_rules."""
    if kind == "rss":
        root = xml_rules.without(root, lambda name: name.namespace == xml_rules.ATOM)
    return run(tool("ruby"), HERE / "feed.rb", kind, given=etree.tostring(root)).splitlines()


# JSON


def check_json_feed(document):
    """Complaints about a JSON Feed 1.1, as parsed."""
    return run_npm("json_feed", [document])[0]


def check_json_ld(*documents):
    """Complaints about JSON-LD, as parsed; TypeScript takes its time, so give it all at once."""
    found = run_npm("json_ld", documents)
    return [f"document {number}: {complaint}" for number, complaints in enumerate(found)
            for complaint in complaints]
