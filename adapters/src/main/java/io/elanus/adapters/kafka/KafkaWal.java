package io.elanus.adapters.kafka;

import io.elanus.common.error.DbException;
import io.elanus.common.run.Closer;
import io.elanus.common.run.Run;
import io.elanus.common.wal.LogId;
import io.elanus.common.wal.Position;
import io.elanus.common.wal.Wal;
import io.elanus.common.wal.WalLimits;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log on Kafka. What a topic and a cluster have to be for it: docs/operations/kafka.md.
///
/// Long-lived clients of a process: one producer, one admin client, one consumer for all tails, and up to
/// four for readers that are behind. An idle log costs the brokers a waiting fetch, and no byte.
public final class KafkaWal implements Wal {
  private static final Logger logger = LoggerFactory.getLogger(KafkaWal.class);

  private final Run run;
  private final KafkaWalConfig config;
  private final List<KafkaLog> logs;
  private final CatchUp catchUp;
  private final TailPump pump;
  private final Closer closer;
  private volatile boolean closed;

  private KafkaWal(
      Run run,
      KafkaWalConfig config,
      List<KafkaLog> logs,
      CatchUp catchUp,
      TailPump pump,
      Closer closer) {
    this.run = run;
    this.config = config;
    this.logs = logs;
    this.catchUp = catchUp;
    this.pump = pump;
    this.closer = closer;
  }

  /// Opens the topic once everything it has to be has been checked, by asking and by writing one barrier.
  ///
  /// @throws DbException `INVALID_PARAMETER` naming every setting that is not as it must be,
  ///     `PRIVILEGE_NOT_PERMITTED` and `NOT_AUTHENTICATED` naming what is missing, `LOG_FAILED` when no
  ///     broker answers
  public static KafkaWal open(Run run, KafkaWalConfig config) {
    Closer closer = new Closer();
    try {
      return open(run, config, new KafkaClients(config), closer);
    } catch (RuntimeException e) {
      run.fork("close-kafka", closer::close).awaitEnd();
      throw e;
    }
  }

  private static KafkaWal open(
      Run run, KafkaWalConfig config, KafkaClients clients, Closer closer) {
    KafkaTopic topic = config.topic();
    KafkaCalls calls = closer.add(new KafkaCalls(run, clients.admin(), topic.name()));
    Uuid id = new TopicCheck(run, calls, config).check();
    LogAppender appender =
        closer.add(new LogAppender(run, clients, calls, config.deliveryTimeout()));
    List<KafkaLog> logs =
        IntStream.range(0, topic.logCount())
            .mapToObj(LogId::new)
            .map(log ->
                new KafkaLog(run, log, incarnation(id), topic.isReplicated(), appender, calls))
            .toList();
    TopicCheck.tryBarrier(logs.getFirst(), config);
    closer.add(TopicWatch.start(run, calls, topic.name(), id, logs));
    CatchUp catchUp = closer.add(new CatchUp(run, clients, calls));
    TailPump pump = closer.add(new TailPump(run, clients, calls, logs));
    logger.info(
        "kafka log opened topic={} id={} logs={} end={}",
        topic.name(),
        id,
        topic.logCount(),
        topic.isReplicated() ? "barrier" : "plain");
    return new KafkaWal(run, config, logs, catchUp, pump, closer);
  }

  /// A topic's id is drawn when the topic is made: 122 random bits, of which this keeps 64.
  private static long incarnation(Uuid topicId) {
    return topicId.getMostSignificantBits() ^ topicId.getLeastSignificantBits();
  }

  @Override
  public int logCount() {
    return logs.size();
  }

  @Override
  public int maxRecordBytes() {
    return config.topic().maxRecordBytes();
  }

  @Override
  public Position append(LogId log, byte[] record) {
    WalLimits.check(record, maxRecordBytes());
    return log(log).append(record);
  }

  @Override
  public Position end(LogId log) {
    return log(log).end();
  }

  @Override
  public Position start(LogId log) {
    return log(log).start();
  }

  @Override
  public WalReader tail(LogId id, Position from) {
    KafkaLog log = log(id);
    long end = log.requireInside(from);
    log.tail().join(end);
    pump.tailsChanged();
    return new KafkaWalReader(run, this, log, catchUp, from.offset());
  }

  /// A reader is closed.
  void leave(KafkaLog log) {
    log.tail().leave();
    pump.tailsChanged();
  }

  @Override
  public void trim(LogId log, Position before) {
    log(log).trim(before);
  }

  List<KafkaLog> logs() {
    return logs;
  }

  boolean isClosed() {
    return closed;
  }

  /// Waits at most some seconds for appends on their way, also when the calling thread is cancelled.
  @Override
  public void close() {
    closed = true;
    logs.forEach(log -> log.tail().wake());
    run.fork("close-kafka", closer::close).awaitEnd();
  }

  private KafkaLog log(LogId id) {
    if (closed) {
      throw WalLimits.closed(id);
    }
    WalLimits.check(id, logs.size());
    return logs.get(id.value());
  }
}
