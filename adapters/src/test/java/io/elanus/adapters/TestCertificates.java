package io.elanus.adapters;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/// A key and a certificate that vouches for itself, for servers on the loopback address.
///
/// @param certificate PEM file
/// @param key PEM file
public record TestCertificates(Path certificate, Path key) {
  private static final String ALIAS = "server";
  private static final String PASSWORD = "public";

  /// Made by the JDK's keytool.
  public static TestCertificates make(Path folder) {
    try {
      Files.createDirectories(folder);
      Path store = folder.resolve("server.p12");
      Files.deleteIfExists(store);
      keytool(store);
      return unpack(store, folder);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no certificates", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("no certificates", e);
    }
  }

  private static void keytool(Path store) throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-validity",
            "3650",
            "-dname",
            "CN=localhost",
            "-ext",
            "SAN=dns:localhost,ip:127.0.0.1",
            "-ext",
            "BC:critical=ca:true",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD);
    int exit =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("keytool ended with " + exit);
    }
  }

  private static TestCertificates unpack(Path store, Path folder)
      throws IOException, GeneralSecurityException {
    KeyStore entries = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      entries.load(in, PASSWORD.toCharArray());
    }
    byte[] key = entries.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded();
    byte[] certificate = entries.getCertificate(ALIAS).getEncoded();
    return new TestCertificates(
        Files.writeString(folder.resolve("server.pem"), pem("CERTIFICATE", certificate)),
        Files.writeString(folder.resolve("server.key"), pem("PRIVATE KEY", key)));
  }

  private static String pem(String type, byte[] bytes) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(type, text, type);
  }
}
