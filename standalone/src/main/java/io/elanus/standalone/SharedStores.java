package io.elanus.standalone;

import io.elanus.adapters.embedded.DirectoryLock;
import io.elanus.adapters.kafka.KafkaWal;
import io.elanus.adapters.mysql.MySqlMetaStore;
import io.elanus.adapters.s3.S3ObjectStore;
import io.elanus.adapters.s3.S3SelfTest;
import io.elanus.common.error.DbException;
import io.elanus.common.error.ErrorCode;
import io.elanus.common.error.ErrorKind;
import io.elanus.common.meta.MetaStore;
import io.elanus.common.object.ObjectStore;
import io.elanus.common.run.Backoff;
import io.elanus.common.run.Closer;
import io.elanus.common.run.Run;
import io.elanus.common.wal.Wal;
import io.elanus.standalone.SharedConfig.Metastore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A metastore, a log and a bucket that other processes have open too. What does not answer yet is waited
/// for; what is set up wrongly ends the start. The folder of the process is its own.
record SharedStores(MetaStore meta, Wal wal, ObjectStore objects, Closer closer)
    implements Backends {
  private static final Logger log = LoggerFactory.getLogger(SharedStores.class);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));

  static Backends open(SharedConfig config, Path folder, Opening.Context context) {
    Closer closer = new Closer();
    try {
      closer.add(DirectoryLock.take(context.run(), folder));
      MetaStore meta =
          closer.add(awaited("metastore", context, () -> metastore(config.meta(), context)));
      Wal wal =
          closer.add(awaited("log", context, () -> KafkaWal.open(context.run(), config.log())));
      S3ObjectStore objects =
          closer.add(S3ObjectStore.open(context.run(), config.objects(), context.meters()));
      awaited("bucket", context, () -> tested(context.run(), objects));
      return new SharedStores(meta, wal, objects, closer);
    } catch (IllegalArgumentException e) {
      closer.close();
      throw new DbException(ErrorCode.INVALID_PARAMETER, String.valueOf(e.getMessage()), e);
    } catch (RuntimeException | Error e) {
      closer.close();
      throw e;
    }
  }

  /// What [#open] opens, one by one, without waiting for what does not answer.
  static List<Runnable> parts(SharedConfig config, Opening.Context context) {
    return List.of(
        () -> metastore(config.meta(), context).close(),
        () -> KafkaWal.open(context.run(), config.log()).close(),
        () ->
            S3SelfTest.run(
                context.run(),
                S3ObjectStore.open(context.run(), config.objects(), context.meters())));
  }

  private static MetaStore metastore(Metastore config, Opening.Context context) {
    return switch (config) {
      case Metastore.MySql mySql -> MySqlMetaStore.open(context.run(), mySql.config());
    };
  }

  private static S3ObjectStore tested(Run run, S3ObjectStore objects) {
    S3SelfTest.run(run, objects);
    return objects;
  }

  private static <T> T awaited(String what, Opening.Context context, Supplier<T> opening) {
    for (int failures = 1; ; failures++) {
      try {
        return opening.get();
      } catch (DbException e) {
        if (e.kind() != ErrorKind.NOT_READY) {
          throw e;
        }
        context.waiting().accept("%s: %s".formatted(what, e.text()));
        log.info("waiting for {} failures={}: {}", what, failures, e.text());
        context.run().sleep(BACKOFF.pause(failures, context.run().random()));
      }
    }
  }

  @Override
  public void close() {
    closer.close();
  }
}
