/* What npm's validators say of documents: node validators.cjs FOLDER KIND, where FOLDER holds the
 * node_modules and KIND is one of the table at the end. Standard input is a JSON array of
 * documents, standard output an array of arrays, the complaints of each of them. */
"use strict";
const {readFileSync} = require("fs");
const {createRequire} = require("module");
const {join, resolve} = require("path");
const {pathToFileURL} = require("url");

const [folder, kind] = process.argv.slice(2);
const need = createRequire(join(resolve(folder), "package.json"));

/* Ajv, with the formats of RFC 3339 (date-time) and RFC 3986 (uri). */
function newAjv() {
    const ajv = new (need("ajv").default)({allErrors: true, strict: false});
    need("ajv-formats").default(ajv);
    return ajv;
}

const isFormat = {};

function check(format, value, where) {
    isFormat[format] = isFormat[format] || newAjv().compile({type: "string", format});
    return isFormat[format](value) ? [] : [`${where}: ${JSON.stringify(value)} is no ${format}`];
}

/* jsonfeed.org/version/1.1, as the JSON Schema of the package jsonfeed-schema writes it down. */
const validateFeed = kind === "json_feed" && newAjv().compile(need("jsonfeed-schema/v1.1"));

function jsonFeed(document) {
    const complaints = validateFeed(document) ? [] : validateFeed.errors.map((error) =>
        `${error.instancePath || "/"} ${error.message} ${JSON.stringify(error.params)}`);
    if (document && document.version !== "https://jsonfeed.org/version/1.1")
        complaints.push("/version is not that of JSON Feed 1.1"); // the schema lets 1 pass as well
    return complaints;
}

/* sitemaps.org and Google's extensions, as the parser of the package sitemap reads them. */
function read(parser, xml) {
    return new Promise((done, failed) => {
        const items = [];
        parser.on("data", (item) => items.push(item)).on("end", () => done(items));
        parser.on("error", failed).end(xml);
    });
}

async function sitemap(xml) {
    const {ErrorLevel, XMLToSitemapItemStream, validateSMIOptions} = need("sitemap");
    const parser = new XMLToSitemapItemStream({logger: false});
    const items = await read(parser, xml);
    const complaints = parser.errors.map((error) => error.message);
    for (const item of items) {
        try {
            validateSMIOptions(item, ErrorLevel.THROW);
        } catch (error) {
            complaints.push(error.message);
        }
        complaints.push(...check("uri", item.url, "loc"));
        for (const image of item.img)
            complaints.push(...check("uri", image.url, "image:loc"));
    }
    return complaints;
}

async function sitemapIndex(xml) {
    const parser = new (need("sitemap").XMLToSitemapIndexStream)({logger: false});
    const items = await read(parser, xml);
    return [...(parser.error ? [parser.error.message] : []),
        ...items.flatMap((item) => check("uri", item.url, "loc"))];
}

/* schema.org's vocabulary, as the types of the package schema-dts write it down: TypeScript takes
 * each document for a constant of its type, and refuses properties and types it does not know. */
function vocabulary(documents) {
    const ts = need("typescript");
    const options = {noEmit: true, strict: true, skipLibCheck: true, types: [],
        target: ts.ScriptTarget.ES2020, moduleResolution: ts.ModuleResolutionKind.Node10};
    const sources = new Map(documents.map((document, number) =>
        [join(resolve(folder), `document${number}.ts`), source(document)]));
    const host = ts.createCompilerHost(options);
    const {fileExists, getSourceFile} = host;
    host.fileExists = (name) => sources.has(name) || fileExists(name);
    host.getSourceFile = (name, ...more) => sources.has(name)
        ? ts.createSourceFile(name, sources.get(name), ...more) : getSourceFile(name, ...more);
    const program = ts.createProgram([...sources.keys()], options, host);
    const elsewhere = program.getGlobalDiagnostics().concat(program.getOptionsDiagnostics());
    if (elsewhere.length)
        throw new Error(ts.formatDiagnostics(elsewhere, host));
    return [...sources].map(([name, text]) => {
        const file = program.getSourceFile(name);
        const found = program.getSyntacticDiagnostics(file).concat(
            program.getSemanticDiagnostics(file));
        return found.map((fault) => {
            const {line} = file.getLineAndCharacterOfPosition(fault.start);
            const why = ts.flattenDiagnosticMessageText(fault.messageText, " ");
            return `${text.split("\n")[line].trim()}: ${why}`;
        });
    });
}

function source(document) {
    const type = document["@graph"] ? "schema.Graph"
        : `schema.WithContext<schema.${document["@type"]}>`;
    return 'import type * as schema from "schema-dts";\n' +
        `export const document: ${type} = ${JSON.stringify(document, null, 1)};\n`;
}

/* Google's rules for rich results, as the package @adobe/structured-data-validator knows them. */
async function richResults(document) {
    const path = need.resolve("@adobe/structured-data-validator");
    const {default: Validator} = await import(pathToFileURL(path));
    const jsonld = {};
    for (const node of document["@graph"] || [document])
        (jsonld[node["@type"]] = jsonld[node["@type"]] || []).push(structuredClone(node));
    const found = await new Validator().validate({jsonld, microdata: {}, rdfa: {}});
    return found.filter((issue) => !issue.issueMessage.endsWith("(optional)")).map((issue) =>
        `${issue.path.map((step) => step.type || step.property).join("/")}: ${issue.issueMessage}`);
}

/* The types of schema-dts take any string for a URL, Date or DateTime. */
const FORMATS = [
    [/^(@id|url|item|image|logo|contentUrl|sameAs|mainEntityOfPage)$/, "uri"],
    [/^(date[A-Z]|uploadDate$|expires$)/, "date-time"],
];

function formats(node, where = "") {
    return Object.entries(node).flatMap(([name, value]) => {
        if (value && typeof value === "object")
            return formats(value, `${where}/${name}`);
        // Inside an array the name is a number; what is meant is the array's own.
        const meant = Array.isArray(node) ? where.split("/").pop() : name;
        const row = FORMATS.find(([pattern]) => pattern.test(meant));
        return row ? check(row[1], value, `${where}/${name}`) : [];
    });
}

async function jsonLd(documents) {
    const known = vocabulary(documents);
    return Promise.all(documents.map(async (document, number) =>
        [...known[number], ...await richResults(document), ...formats(document)]));
}

const each = (checker) => (documents) => Promise.all(documents.map(checker));
const CHECKERS = {
    json_feed: each(jsonFeed),
    json_ld: jsonLd,
    sitemap: each(sitemap),
    sitemap_index: each(sitemapIndex),
};

CHECKERS[kind](JSON.parse(readFileSync(0, "utf8"))).then((complaints) =>
    process.stdout.write(JSON.stringify(complaints)));
