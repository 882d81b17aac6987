package io.elanus.adapters.mysql;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Properties;

/// Certificates of a PEM file as the key store that the driver wants: a temporary file, which holds
/// nothing secret.
record TrustStore(Path file) {
  private static final String TYPE = "PKCS12";
  private static final String PASSWORD = "public";

  static TrustStore of(Path pem) {
    try (InputStream in = Files.newInputStream(pem)) {
      KeyStore store = KeyStore.getInstance(TYPE);
      store.load(null, null);
      int number = 0;
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("certificate-" + number++, certificate);
      }
      return write(store);
    } catch (IOException | GeneralSecurityException e) {
      throw new DbException(
          ErrorCode.INVALID_PARAMETER,
          "certificates %s cannot be used: %s".formatted(pem, e.getMessage()),
          e);
    }
  }

  private static TrustStore write(KeyStore store) throws IOException, GeneralSecurityException {
    Path file = Files.createTempFile("elanus-trust", ".p12");
    file.toFile().deleteOnExit();
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
    return new TrustStore(file);
  }

  void addTo(Properties properties) {
    properties.setProperty("trustCertificateKeyStoreUrl", file.toUri().toString());
    properties.setProperty("trustCertificateKeyStoreType", TYPE);
    properties.setProperty("trustCertificateKeyStorePassword", PASSWORD);
    properties.setProperty("fallbackToSystemTrustStore", "false");
  }
}
