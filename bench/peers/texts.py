"""Real texts: paragraphs of the documentation of Debian 12's packages and of the JDK's sources."""

import gzip
import hashlib
import html
import os
import re
import subprocess
import tempfile
import zipfile
from pathlib import Path

PACKAGES = {
    "debian-reference-en": "2.100",
    "git-doc": "1:2.39.5-0+deb12u3",
    "manpages-dev": "6.03-2",
    "perl-doc": "5.36.0-7+deb12u4",
    "postgresql-doc-15": "15.20-0+deb12u1",
    "python3.11-doc": "3.11.2-6+deb12u9",
}
DOWNLOAD = "apt-get download " + " ".join(f"{name}={version}" for name, version in PACKAGES.items())

# Paragraphs of fewer different words say little.
LEAST_WORDS = 15

HTML_NOISE = re.compile(r"(?s)<(script|style|head).*?</\1>")
HTML_BLOCK = re.compile(r"(?i)</?(p|div|li|dt|dd|tr|td|h\d|pre|section|table|blockquote)\b[^>]*>")
HTML_TAG = re.compile(r"<[^>]*>")
MAN_BLOCK = re.compile(r"(?m)^\.(SH|SS|TP|PP|P|IP|LP|HP)\b.*$")
MAN_REQUEST = re.compile(r"(?m)^[.'\\].*$|\\f.|\\")
JAVADOC = re.compile(r"(?s)/\*\*(.*?)\*/")
JAVADOC_MARGIN = re.compile(r"(?m)^\s*\*")
JAVADOC_BLOCK = re.compile(r"\n\s*(?=@(?:param|return|throws|exception|implSpec|implNote|apiNote|since|see|deprecated)\b)")
PARAGRAPH = re.compile(r"\n\s*\n")
WORD = re.compile(r"[a-z]{2,}")


def documents(packages: Path, sources: Path) -> list[str]:
    """Different paragraphs, each as its words in lower case, in an order that does not change.

    `packages`: a folder with the .deb files of PACKAGES. `sources`: src.zip of a JDK.
    """
    found = {}
    for text in [*package_texts(packages), *java_texts(sources)]:
        for paragraph in PARAGRAPH.split(text):
            words = WORD.findall(paragraph.lower())
            if len(set(words)) >= LEAST_WORDS:
                found.setdefault(" ".join(words))
    return sorted(found)


def fingerprint(texts: list[str]) -> str:
    """Tells whether somebody else has the same texts."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def package_texts(packages: Path):
    with tempfile.TemporaryDirectory() as folder:
        for name, version in PACKAGES.items():
            files = list(packages.glob(f"{name}_{version.replace(':', '%3a')}_*.deb"))
            if not files:
                raise SystemExit(f"no {name} {version} in {packages}; there: {DOWNLOAD}")
            subprocess.run(["dpkg-deb", "-x", files[0], folder], check=True)
        for root, _, names in os.walk(folder):
            for name in names:
                path = Path(root, name)
                if not path.is_symlink():
                    yield text(path)


def text(path: Path) -> str:
    """Of HTML, of a page of the manual in section 2 or 3, of Perl's POD; empty for all else."""
    name = path.name.removesuffix(".gz")
    kind = name.rsplit(".", 1)[-1]
    if kind not in ("html", "pod", "2", "3"):
        return ""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    written = content.decode("utf-8", "replace")
    if kind == "html":
        return plain(HTML_BLOCK.sub("\n\n", HTML_NOISE.sub(" ", written)))
    if kind == "pod":
        return written
    return MAN_REQUEST.sub("", MAN_BLOCK.sub("\n\n", written))


def java_texts(sources: Path):
    with zipfile.ZipFile(sources) as archive:
        for name in archive.namelist():
            if name.endswith(".java"):
                for comment in JAVADOC.findall(archive.read(name).decode("utf-8", "replace")):
                    lines = JAVADOC_BLOCK.sub("\n\n", JAVADOC_MARGIN.sub("", comment))
                    yield plain(HTML_BLOCK.sub("\n\n", lines))


def plain(markup: str) -> str:
    return html.unescape(HTML_TAG.sub(" ", markup))
