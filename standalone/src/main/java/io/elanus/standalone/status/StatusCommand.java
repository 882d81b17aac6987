package io.elanus.standalone.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.elanus.proto.milvus.MilvusServiceGrpc;
import io.elanus.proto.milvus.MilvusServiceGrpc.MilvusServiceBlockingStub;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// `elanus status`.
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Asks a running server, standalone or cluster, how it is: nodes and the memory they hold,",
      "collections, segments, and the work in the background. Exit code 1 when it is not healthy."
    })
public final class StatusCommand implements Callable<Integer> {
  private static final int CALL_SECONDS = 30;
  private static final int DEFAULT_PORT = 19530;
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  @Option(
      names = "--uri",
      paramLabel = "<uri>",
      defaultValue = "http://localhost:19530",
      description = "Of a proxy; https for TLS (default: ${DEFAULT-VALUE}).")
  private URI uri = URI.create("http://localhost:19530");

  @Option(
      names = "--token",
      paramLabel = "<user:password>",
      defaultValue = "${env:ELANUS_TOKEN}",
      description = "Where authorization is on; the environment's ELANUS_TOKEN when not given.")
  private Optional<String> token = Optional.empty();

  @Option(
      names = "--ca",
      paramLabel = "<file>",
      description = "Who signs the server's certificate (PEM), when the JDK does not know.")
  private Optional<Path> authority = Optional.empty();

  @Option(
      names = "--collections",
      paramLabel = "<n>",
      defaultValue = "50",
      description = "How many are looked at, at most (default: ${DEFAULT-VALUE}).")
  private int maxCollections = 50;

  @CommandLine.Spec
  private CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    String address = address();
    ManagedChannel channel = Grpc.newChannelBuilder(address, credentials()).build();
    try {
      Overview overview = new Survey(() -> stub(channel), maxCollections).overview();
      out.print(StatusText.of(address, overview));
      return overview.isHealthy() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    } catch (StatusRuntimeException e) {
      err.printf("no answer from %s: %s%n", address, e.getStatus());
      return CommandLine.ExitCode.SOFTWARE;
    } catch (Survey.Refused e) {
      err.println(e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    } finally {
      channel.shutdownNow();
      out.flush();
    }
  }

  private String address() {
    if (uri.getHost() == null) {
      throw new ParameterException(
          spec.commandLine(), "--uri %s names no host: http://<host>:<port>".formatted(uri));
    }
    return uri.getHost() + ":" + (uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
  }

  private ChannelCredentials credentials() {
    if (!"https".equals(uri.getScheme())) {
      return InsecureChannelCredentials.create();
    }
    TlsChannelCredentials.Builder tls = TlsChannelCredentials.newBuilder();
    try {
      if (authority.isPresent()) {
        tls.trustManager(authority.get().toFile());
      }
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(), "cannot read %s: %s".formatted(authority.get(), e.getMessage()), e);
    }
    return tls.build();
  }

  private MilvusServiceBlockingStub stub(ManagedChannel channel) {
    Metadata headers = new Metadata();
    token
        .filter(text -> !text.isEmpty())
        .ifPresent(text ->
            headers.put(AUTHORIZATION, Base64.getEncoder().encodeToString(text.getBytes(UTF_8))));
    return MilvusServiceGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
  }
}
