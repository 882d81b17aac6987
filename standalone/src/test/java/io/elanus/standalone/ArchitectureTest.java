package io.elanus.standalone;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Who may use whom (docs/decisions/0001-the-house.md), and calls that have one place only.
class ArchitectureTest {
  private static final String[] ROLES = {
    "io.elanus.proxy..",
    "io.elanus.rootcoord..",
    "io.elanus.querycoord..",
    "io.elanus.datacoord..",
    "io.elanus.querynode..",
    "io.elanus.datanode..",
    "io.elanus.indexnode.."
  };

  private static final JavaClasses ELANUS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.elanus");

  @Test
  void commonAndIndexUseNothingOfOurs() {
    check(ourOwnIn("io.elanus.common..", "io.elanus.common.."));
    check(ourOwnIn("io.elanus.index..", "io.elanus.index.."));
  }

  @Test
  void lowerModulesUseOnlyWhatLiesBelowThem() {
    check(ourOwnIn("io.elanus.proto..", "io.elanus.proto.."));
    check(
        ourOwnIn("io.elanus.rpc..", "io.elanus.rpc..", "io.elanus.common..", "io.elanus.proto.."));
    check(ourOwnIn("io.elanus.adapters..", "io.elanus.adapters..", "io.elanus.common.."));
    check(
        ourOwnIn(
            "io.elanus.segment..",
            "io.elanus.segment..",
            "io.elanus.common..",
            "io.elanus.index.."));
  }

  @Test
  void aRoleUsesNeitherAnotherRoleNorAnAdapter() {
    check(slices().matching("io.elanus.(*)..").should().beFreeOfCycles());
    for (String role : ROLES) {
      check(
          noClasses()
              .that()
              .resideInAPackage(role)
              .should()
              .dependOnClassesThat(
                  resideInAnyPackage(ROLES)
                      .and(not(resideInAPackage(role)))
                      .or(resideInAnyPackage("io.elanus.adapters..", "io.elanus.standalone.."))));
    }
  }

  @Test
  void clientsOfTheOutsideWorldStayInTheirAdapter() {
    check(only("io.elanus.rpc..", "io.grpc.netty..", "io.netty.."));
    check(only("io.elanus.adapters..", "java.sql..", "javax.sql.."));
    check(only("io.elanus.adapters.embedded..", "org.sqlite.."));
    check(
        only(
            "io.elanus.adapters.prometheus..",
            "io.prometheus..",
            "io.micrometer.prometheusmetrics.."));
    check(only("io.elanus.index..", "jdk.incubator.."));
    check(only("io.elanus.adapters.kafka..", "org.apache.kafka..", "software.amazon.msk.."));
    check(only("io.elanus.adapters.mysql..", "com.mysql..", "com.zaxxer.."));
    check(only("io.elanus.adapters.etcd..", "io.etcd..", "etcdserverpb.."));
    check(only("io.elanus.adapters.s3..", "software.amazon.awssdk.services.s3.."));
    check(only("io.elanus.adapters..", "software.amazon.awssdk.."));
    check(
        noClasses()
            .that(
                not(
                    resideInAnyPackage(
                        "io.elanus.servers..", "io.elanus.standalone..", "io.elanus.bench..")))
            .should()
            .dependOnClassesThat(resideInAPackage("io.elanus.servers..")));
  }

  @Test
  void clocksChanceThreadsAndSleepingHaveOnePlace() {
    check(
        noClasses()
            .that(
                not(
                    resideInAnyPackage(
                        "io.elanus.common.run..",
                        "io.elanus.standalone..",
                        "io.elanus.servers..",
                        "io.elanus.bench..")))
            .and()
            .doNotHaveFullyQualifiedName("io.elanus.index.Pace")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", Duration.class)
            .orShould()
            .callMethod(Thread.class, "startVirtualThread", Runnable.class)
            .orShould()
            .callMethod(Clock.class, "systemDefaultZone")
            .orShould()
            .callMethod(Thread.class, "start")
            .orShould()
            .callMethod(Thread.class, "ofVirtual")
            .orShould()
            .callMethod(Thread.class, "ofPlatform")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callMethod(UUID.class, "randomUUID")
            .orShould()
            .callConstructor(Random.class)
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(
                ThreadLocalRandom.class,
                SecureRandom.class,
                SplittableRandom.class,
                Executors.class,
                ForkJoinPool.class,
                Timer.class,
                ThreadLocal.class)
            .because(
                "time, chance and threads come from common.run, so that a simulator can own them"));
  }

  @Test
  void futuresStayInsideRpc() {
    check(
        noClasses()
            .that(not(resideInAnyPackage("io.elanus.rpc..", "io.elanus.common.run..")))
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(CompletableFuture.class)
            .because("code blocks on virtual threads"));
  }

  @Test
  void noClassIsNamedAfterNothing() {
    check(
        noClasses()
            .that(not(resideInAPackage("io.elanus.proto..")))
            .should()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Impl"));
  }

  @Test
  void everyPackageIsNullMarkedAndTellsItsStory() {
    TreeSet<String> bare = new TreeSet<>();
    for (JavaClass type : ELANUS) {
      JavaPackage home = type.getPackage();
      if (!home.getName().startsWith("io.elanus.proto")
          && !home.isAnnotatedWith(NullMarked.class)) {
        bare.add(home.getName());
      }
    }

    Assertions.assertThat(bare).isEmpty();
  }

  private static ArchRule ourOwnIn(String home, String... allowed) {
    return classes()
        .that()
        .resideInAPackage(home)
        .should()
        .onlyDependOnClassesThat(
            not(resideInAPackage("io.elanus..")).or(resideInAnyPackage(allowed)));
  }

  private static ArchRule only(String home, String... theirs) {
    return noClasses()
        .that(not(resideInAPackage(home)))
        .should()
        .dependOnClassesThat(resideInAnyPackage(theirs));
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(ELANUS);
  }
}
