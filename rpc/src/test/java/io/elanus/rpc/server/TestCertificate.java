package io.elanus.rpc.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A self-signed certificate for `localhost` and 127.0.0.1, made by the JDK's keytool. It is its
/// own authority, so both ends can show it and both can trust it.
record TestCertificate(Path certificate, Path privateKey) {
  private static final String PASSWORD = "testing";

  static TestCertificate in(Path folder) throws Exception {
    Path store = folder.resolve("store.p12");
    keytool(store);
    Path certificate = folder.resolve("certificate.pem");
    Path privateKey = folder.resolve("key.pem");
    KeyStore keys = load(store);
    write(certificate, "CERTIFICATE", keys.getCertificate("test").getEncoded());
    write(privateKey, "PRIVATE KEY", keys.getKey("test", PASSWORD.toCharArray()).getEncoded());
    return new TestCertificate(certificate, privateKey);
  }

  private static void keytool(Path store) throws IOException, InterruptedException {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    List<String> command =
        List.of(
            keytool.toString(),
            "-genkeypair",
            "-alias",
            "test",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=dns:localhost,ip:127.0.0.1",
            "-validity",
            "2",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("keytool failed: " + output);
    }
  }

  private static KeyStore load(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static void write(Path file, String kind, byte[] encoded) throws IOException {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    Files.writeString(
        file, "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, body, kind));
  }

  TlsConfig oneWay() {
    return new TlsConfig(certificate, privateKey, Optional.empty());
  }

  TlsConfig mutual() {
    return new TlsConfig(certificate, privateKey, Optional.of(certificate));
  }
}
