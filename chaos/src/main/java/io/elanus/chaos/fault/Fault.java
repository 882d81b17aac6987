package io.elanus.chaos.fault;

import io.elanus.chaos.system.Deployment;
import io.elanus.chaos.system.Member;
import io.elanus.chaos.system.VolatileDisk;
import java.nio.file.Path;
import java.time.Duration;

/// Something that goes wrong and can be put right again. Used by one thread.
public interface Fault {
  /// What happens to whom, as a reader of the report wants it: `kill -9 datanode-1`.
  String name();

  /// Whom it happens to: two faults with the same target are never there at once.
  String target();

  Duration minHold();

  Duration maxHold();

  void inject();

  /// Puts it right again.
  void heal();

  /// `kill -9`, and a start after a while, healed when it is ready.
  static Fault kill(Deployment deployment, Member member) {
    return kill(deployment, member, () -> deployment.restart(member));
  }

  /// As [#kill], but healed as soon as it is started: what it stands on may be away at that time, too.
  static Fault crash(Deployment deployment, Member member) {
    return kill(deployment, member, () -> deployment.launch(member));
  }

  /// The power of the machine goes, with all that was not synced; healed as soon as it is started.
  static Fault powerLoss(Deployment deployment, Member member, VolatileDisk disk) {
    return new ProcessFault(
        "power loss of " + member.name(),
        member,
        Duration.ZERO,
        Duration.ofSeconds(3),
        () -> {
          deployment.pause(member);
          disk.losePower(() -> deployment.kill(member));
        },
        () -> deployment.launch(member));
  }

  private static Fault kill(Deployment deployment, Member member, Runnable start) {
    return new ProcessFault(
        "kill -9 " + member.name(),
        member,
        Duration.ofMillis(100),
        Duration.ofSeconds(3),
        () -> deployment.kill(member),
        start);
  }

  /// SIGSTOP, and SIGCONT after at least `minHold`: beyond its lease it comes back as a zombie.
  static Fault pause(Deployment deployment, Member member, Duration minHold, Duration maxHold) {
    return new ProcessFault(
        "pause " + member.name(),
        member,
        minHold,
        maxHold,
        () -> deployment.pause(member),
        () -> deployment.resume(member));
  }

  /// No free byte on the file system of `folder`.
  static Fault fullDisk(Path folder) {
    return new DiskFault(folder);
  }

  /// A storm before S3.
  static Fault storm(String name, HttpProxy proxy, HttpProxy.Storm storm) {
    return new StormFault(name, proxy, storm, Duration.ofSeconds(1), Duration.ofSeconds(12));
  }
}
