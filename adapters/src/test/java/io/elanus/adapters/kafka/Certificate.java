package io.elanus.adapters.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Base64;

/// A key and a certificate that signs itself, for this machine, as PKCS 12 and as PEM files.
///
/// @param store PKCS 12, for the broker
/// @param trusted the certificate
/// @param identity private key and certificate
record Certificate(Path store, Path trusted, Path identity) {
  static final String PASSWORD = "changeit";

  /// Made by the JDK's keytool.
  static Certificate make(Path folder, String name) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process process =
        new ProcessBuilder(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:127.0.0.1,dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    return fromStore(folder, name, store);
  }

  private static Certificate fromStore(Path folder, String name, Path store)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream input = Files.newInputStream(store)) {
      keys.load(input, PASSWORD.toCharArray());
    }
    Key key = keys.getKey(name, PASSWORD.toCharArray());
    String certificate = pem("CERTIFICATE", keys.getCertificate(name).getEncoded());
    return new Certificate(
        store,
        Files.writeString(folder.resolve(name + ".pem"), certificate),
        Files.writeString(
            folder.resolve(name + "-identity.pem"),
            pem("PRIVATE KEY", key.getEncoded()) + certificate));
  }

  private static String pem(String what, byte[] bytes) {
    String lines = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(bytes);
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, lines, what);
  }
}
