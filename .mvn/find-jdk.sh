# Sourced by mvnw and elanus: makes JAVA_HOME name a JDK 25, or says how to get one and stops.
# Looks at JAVA_HOME, JAVA25_HOME, `java` on the PATH, then the usual places of Linux and macOS.

_is_jdk25() {
  [ -n "$1" ] && [ -x "$1/bin/javac" ] && grep -qE '^JAVA_VERSION="25' "$1/release" 2>/dev/null
}

_jdk_on_path() {
  _java=$(command -v java 2>/dev/null) || return 0
  _java=$(readlink -f "$_java" 2>/dev/null || printf '%s' "$_java")
  dirname "$(dirname "$_java")"
}

_found_jdk=
for _jdk in "${JAVA_HOME:-}" "${JAVA25_HOME:-}" "$(_jdk_on_path)" \
  /usr/lib/jvm/*25* /usr/lib/jvm/*/*25* /usr/java/*25* /opt/*jdk*25* /opt/java/*25* \
  "$HOME"/.sdkman/candidates/java/25* "$HOME"/.jdks/*25* "$HOME"/.local/share/mise/installs/java/*25* \
  /Library/Java/JavaVirtualMachines/*25*/Contents/Home \
  /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home; do
  if _is_jdk25 "$_jdk"; then
    _found_jdk=$_jdk
    break
  fi
done

if [ -z "$_found_jdk" ]; then
  cat >&2 <<'MESSAGE'
Elanus needs a JDK 25 and found none (looked at JAVA_HOME, JAVA25_HOME, the PATH and the usual folders).
Get one, for example:
  Debian, Ubuntu   apt-get install openjdk-25-jdk-headless
  macOS            brew install openjdk@25
  any system       sdk install java 25-tem        (SDKMAN), or Eclipse Temurin 25 from Adoptium
then run this command again, or point JAVA_HOME at it.
MESSAGE
  exit 1
fi
JAVA_HOME=$_found_jdk
export JAVA_HOME
