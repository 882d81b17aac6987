package io.elanus.rpc.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.elanus.common.run.SystemRun;
import io.elanus.proto.internal.IndexNodeGrpc;
import io.elanus.proto.internal.IndexNodeStatusRequest;
import io.elanus.proto.internal.IndexNodeStatusResponse;
import io.elanus.rpc.http.HttpRoutes;
import io.elanus.rpc.internal.IndexNodeApi;
import io.elanus.rpc.peer.Channels;
import io.elanus.rpc.peer.PeerServices;
import io.elanus.rpc.peer.RpcClient;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.ServiceDescriptor;
import io.grpc.TlsChannelCredentials;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// gRPC and HTTP/1.1 on one socket, inside TLS.
class OnePortTlsTest {
  @TempDir static Path folder;
  private static TestCertificate certificate;

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = TestCertificate.in(folder);
  }

  @Test
  void a_grpc_call_and_an_http_request_meet_on_one_port() throws Exception {
    try (RpcServer server = start(certificate.oneWay())) {
      assertThat(grpcEcho(server, trusting())).isEqualTo(Echo.bytes(100));
      assertThat(httpEcho(server, HttpClient.Version.HTTP_1_1)).isEqualTo("HTTP_1_1 hello");
      assertThat(httpEcho(server, HttpClient.Version.HTTP_2)).isEqualTo("HTTP_1_1 hello");
    }
  }

  @Test
  void a_client_without_a_certificate_is_refused_where_one_is_demanded() throws Exception {
    try (RpcServer server = start(certificate.mutual())) {
      assertThat(grpcEcho(server, trusting().keyManager(cert(), key()))).isEqualTo(Echo.bytes(100));
      assertThatThrownBy(() -> grpcEcho(server, trusting())).hasMessageContaining("UNAVAILABLE");
      assertThatThrownBy(() -> httpEcho(server, HttpClient.Version.HTTP_1_1));
    }
  }

  @Test
  void roles_call_each_other_over_mutual_tls() {
    SystemRun run = new SystemRun();
    IndexNodeApi idle = request -> IndexNodeStatusResponse.getDefaultInstance();
    RpcServerConfig config = RpcServerConfig.plain("127.0.0.1", 0).withTls(certificate.mutual());
    ServiceDescriptor service = IndexNodeGrpc.getServiceDescriptor();
    try (RpcServer server =
            RpcServer.start(
                run, config, List.of(PeerServices.bind(run, service, idle)), HttpRoutes.none());
        Channels channels = new Channels(run, Optional.of(certificate.mutual()))) {
      IndexNodeApi client =
          new RpcClient(run, Duration.ofSeconds(10))
              .of(IndexNodeApi.class, service, channels.to("localhost:" + server.port()));

      assertThat(client.status(IndexNodeStatusRequest.getDefaultInstance()).getBuildsList())
          .isEmpty();
    }
  }

  @Test
  void files_that_cannot_be_used_stop_the_start() {
    TlsConfig missing = new TlsConfig(folder.resolve("none"), key().toPath(), Optional.empty());

    assertThatThrownBy(() -> start(missing)).hasMessageContaining("cannot use TLS files");
  }

  private static RpcServer start(TlsConfig tls) {
    RpcServerConfig config = RpcServerConfig.plain("127.0.0.1", 0).withTls(tls);
    return RpcServer.start(new SystemRun(), config, List.of(Echo.service()), Echo.routes());
  }

  private static File cert() {
    return certificate.certificate().toFile();
  }

  private static File key() {
    return certificate.privateKey().toFile();
  }

  private static TlsChannelCredentials.Builder trusting() throws IOException {
    return TlsChannelCredentials.newBuilder().trustManager(cert());
  }

  private static byte[] grpcEcho(RpcServer server, TlsChannelCredentials.Builder credentials) {
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress("localhost", server.port(), credentials.build()).build();
    try {
      return Echo.call(channel, Echo.bytes(100));
    } finally {
      channel.shutdownNow();
    }
  }

  private static String httpEcho(RpcServer server, HttpClient.Version offered) throws Exception {
    URI uri = URI.create("https://localhost:%d/echo".formatted(server.port()));
    HttpRequest request =
        HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString("hello")).build();
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(trustingContext()).version(offered).build()) {
      var response = client.send(request, BodyHandlers.ofString());
      return response.version() + " " + response.body();
    }
  }

  private static SSLContext trustingContext() throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(certificate.certificate())) {
      store.setCertificateEntry(
          "server", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
