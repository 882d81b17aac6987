package io.elanus.adapters.aws;

import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.run.Deadline;
import io.elanus.common.run.Gate;
import io.elanus.common.run.Run;
import io.elanus.common.run.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the instance metadata service every few seconds whether this spot instance will be taken back, which
/// it says two minutes ahead, and tells once. What is to be done then is what a SIGTERM starts: drain.
///
/// ```
/// PUT /latest/api/token                                  a session's token (IMDSv2), valid for hours
/// GET /latest/meta-data/spot/instance-action             404 until there is a notice, then
///                                                        {"action": "terminate", "time": "2026-..."}
/// ```
///
/// On Fargate Spot, and on ECS with draining enabled on the instance, the notice *is* a SIGTERM, so this is
/// for processes on EC2 itself and on EKS nodes without a termination handler.
public final class SpotNotice implements AutoCloseable {
  /// @param endpoint of the metadata service
  /// @param interval between questions; Amazon recommends five seconds
  public record Config(URI endpoint, Duration interval) {
    public static final Config DEFAULT =
        new Config(URI.create("http://169.254.169.254"), Duration.ofSeconds(5));

    public Config {
      if (!interval.isPositive()) {
        throw new IllegalArgumentException("spot notice interval " + interval);
      }
    }
  }

  /// @param action `terminate`, `stop` or `hibernate`
  /// @param time when, as the service writes it: UTC, ISO 8601
  public record Notice(String action, String time) {}

  private static final Logger log = LoggerFactory.getLogger(SpotNotice.class);

  private static final String TOKEN = "/latest/api/token";
  private static final String NOTICE = "/latest/meta-data/spot/instance-action";
  private static final String TOKEN_HEADER = "X-aws-ec2-metadata-token";
  private static final String TTL_HEADER = "X-aws-ec2-metadata-token-ttl-seconds";

  /// The longest the service allows; renewed well before.
  private static final Duration TOKEN_TTL = Duration.ofHours(6);

  private static final Duration TOKEN_RENEWAL = Duration.ofHours(5);

  /// The service answers from the host itself.
  private static final int TIMEOUT_MILLIS = 2_000;

  private static final int MAX_ANSWER_BYTES = 4_096;

  private static final Pattern FIELD = Pattern.compile("\"(action|time)\"\\s*:\\s*\"([^\"]*)\"");

  private final Run run;
  private final Config config;
  private final Consumer<Notice> listener;
  private final Gate gate;
  private final Ticker ticker;

  // used by the ticker's thread only
  private Optional<Token> token = Optional.empty();

  // guarded by gate
  private Optional<Notice> given = Optional.empty();

  private record Token(String value, Deadline until) {}

  private record Answer(int status, String body) {}

  private SpotNotice(Run run, Config config, Consumer<Notice> listener) {
    this.run = run;
    this.config = config;
    this.listener = listener;
    this.gate = run.gate();
    this.ticker = Ticker.start(run, "spot notice", config.interval(), this::ask);
  }

  /// @param listener told once, on a thread of its own; may take as long as it likes
  public static SpotNotice watch(Run run, Config config, Consumer<Notice> listener) {
    return new SpotNotice(run, config, listener);
  }

  /// What was told, if anything was.
  public Optional<Notice> notice() {
    return gate.read(() -> given);
  }

  @Override
  public void close() {
    ticker.close();
  }

  private void ask() {
    if (notice().isPresent()) {
      return;
    }
    Answer answer = call("GET", NOTICE, Map.of(TOKEN_HEADER, freshToken()));
    switch (answer.status()) {
      case HttpURLConnection.HTTP_OK -> tell(decode(answer.body()));
      case HttpURLConnection.HTTP_NOT_FOUND -> {} // no notice
      case HttpURLConnection.HTTP_UNAUTHORIZED -> {
        token = Optional.empty();
        throw unexpected(NOTICE, answer);
      }
      default -> throw unexpected(NOTICE, answer);
    }
  }

  private void tell(Notice notice) {
    log.warn("spot instance is taken back action={} time={}", notice.action(), notice.time());
    gate.change(() -> given = Optional.of(notice));
    run.fork("spot notice given", () -> listener.accept(notice));
  }

  private String freshToken() {
    if (token.isEmpty() || token.get().until().hasPassed(run)) {
      Deadline until = Deadline.after(run, TOKEN_RENEWAL);
      Answer answer = call("PUT", TOKEN, Map.of(TTL_HEADER, "" + TOKEN_TTL.toSeconds()));
      if (answer.status() != HttpURLConnection.HTTP_OK) {
        throw unexpected(TOKEN, answer);
      }
      token = Optional.of(new Token(answer.body(), until));
    }
    return token.orElseThrow().value();
  }

  private static Notice decode(String body) {
    String action = "";
    String time = "";
    for (Matcher field = FIELD.matcher(body); field.find(); ) {
      if (field.group(1).equals("action")) {
        action = field.group(2);
      } else {
        time = field.group(2);
      }
    }
    return new Notice(action, time);
  }

  private Answer call(String method, String path, Map<String, String> headers) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) config.endpoint().resolve(path).toURL().openConnection();
      connection.setRequestMethod(method);
      connection.setConnectTimeout(TIMEOUT_MILLIS);
      connection.setReadTimeout(TIMEOUT_MILLIS);
      connection.setInstanceFollowRedirects(false);
      headers.forEach(connection::setRequestProperty);
      int status = connection.getResponseCode();
      InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream();
      return new Answer(status, body == null ? "" : text(body));
    } catch (IOException e) {
      throw new DbException(
          ErrorCode.SERVICE_UNAVAILABLE,
          "instance metadata service at %s: %s".formatted(config.endpoint(), e.getMessage()),
          e);
    }
  }

  private static String text(InputStream body) throws IOException {
    try (body) {
      return new String(body.readNBytes(MAX_ANSWER_BYTES), StandardCharsets.UTF_8);
    }
  }

  private DbException unexpected(String path, Answer answer) {
    return ErrorCode.SERVICE_UNAVAILABLE.because(
        "instance metadata service at %s answers %d to %s",
        config.endpoint(), answer.status(), path);
  }
}
