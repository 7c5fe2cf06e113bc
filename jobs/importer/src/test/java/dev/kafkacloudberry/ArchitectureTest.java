package dev.kafkacloudberry;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.have;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.kafkacloudberry.cloudberry.CloudberryOptions;
import dev.kafkacloudberry.cloudberry.CopyFormatChoice;
import dev.kafkacloudberry.cloudberry.SinkMode;
import dev.kafkacloudberry.cloudberry.TopicChangeChoice;
import dev.kafkacloudberry.job.ImportJob;
import dev.kafkacloudberry.testbed.PostgresServer;
import java.util.Map;
import java.util.Set;
import org.apache.flink.table.factories.Factory;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Which package may know which. There are no exceptions to grow old here. */
class ArchitectureTest {

  private static final String ROOT = "dev.kafkacloudberry.";

  /** Each package of the importer, and those of its others that it may know. */
  private static final Map<String, Set<String>> KNOWS =
      Map.ofEntries(
          entry("job", Set.of("kafka", "cloudberry")),
          entry("kafka", Set.of("row", "text", "plan")),
          entry("format", Set.of("row", "text")),
          entry("cloudberry", Set.of("sink", "lineage", "copy", "staging", "database", "plan")),
          entry("plan", Set.of()),
          entry("row", Set.of()),
          entry("lineage", Set.of()),
          entry("sink", Set.of("copy", "staging", "database", "text")),
          entry("copy", Set.of("text")),
          entry("staging", Set.of()),
          entry("database", Set.of("text")),
          entry("text", Set.of()));

  @SuppressWarnings("unused")
  private static final Set<String> PACKAGES = KNOWS.keySet();

  private static final JavaClasses IMPORTER = classesBeside(ImportJob.class);
  private static final JavaClasses TESTBED = classesBeside(PostgresServer.class);

  private static JavaClasses classesBeside(Class<?> type) {
    return new ClassFileImporter()
        .importUrl(type.getProtectionDomain().getCodeSource().getLocation());
  }

  @Test
  void everyClassIsInAPackageThatHasARule() {
    String[] packages = KNOWS.keySet().stream().map(ArchitectureTest::named).toArray(String[]::new);
    check(classes().should().resideInAnyPackage(packages));
  }

  @ParameterizedTest
  @FieldSource("PACKAGES")
  void aPackageKnowsOnlyThoseItMay(String name) {
    String[] strangers =
        KNOWS.keySet().stream()
            .filter(other -> !other.equals(name) && !KNOWS.get(name).contains(other))
            .map(ArchitectureTest::named)
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAPackage(named(name))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(strangers));
  }

  @Test
  void theDatabasePackageKnowsNoFlink() {
    check(
        noClasses()
            .that()
            .resideInAPackage(named("database"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.flink.."));
  }

  @Test
  void onlyTheDatabasePackageKnowsTheDriver() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(named("database"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.postgresql.."));
  }

  @Test
  void thePackagesOfValuesAndOfKafkaKnowNoJdbc() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(
                named("format"), named("copy"), named("kafka"), named("lineage"), named("staging"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "javax.sql.."));
  }

  @Test
  void copyKnowsOfFlinkItsRowsAndTypesOnly() {
    check(
        ofFlinkOnly(
            "copy",
            "org.apache.flink.table.data..",
            "org.apache.flink.table.types.logical..",
            "org.apache.flink.types.."));
  }

  @Test
  void stagingKnowsOfFlinkItsFileSystemsOnly() {
    check(ofFlinkOnly("staging", "org.apache.flink.core.fs.."));
  }

  @Test
  void theTestbedKnowsNothingOfTheImporter() {
    classes().should().resideInAPackage(named("testbed")).check(TESTBED);
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + ".")
                .and(DescribedPredicate.not(resideInAPackage(named("testbed")))))
        .check(TESTBED);
  }

  /**
   * Flink and its users need the factories, the options and the job, Kafka its interceptor.
   * Exceptions are for whoever catches them.
   */
  @Test
  void aPublicClassIsUsedByAnotherPackage() {
    check(
        classes()
            .that()
            .arePublic()
            .and()
            .areTopLevelClasses()
            .and()
            .areNotAssignableTo(Factory.class)
            .and()
            .areNotAssignableTo(ProducerInterceptor.class)
            .and()
            .areNotAssignableTo(Exception.class)
            .and()
            .doNotBelongToAnyOf(
                ImportJob.class,
                CloudberryOptions.class,
                CopyFormatChoice.class,
                SinkMode.class,
                TopicChangeChoice.class)
            .should(
                have(
                    DescribedPredicate.describe(
                        "a user in another package", ArchitectureTest::isUsedElsewhere))));
  }

  private static boolean isUsedElsewhere(JavaClass type) {
    return type.getDirectDependenciesToSelf().stream()
        .map(Dependency::getOriginClass)
        .anyMatch(user -> !user.getPackage().equals(type.getPackage()) || takes(user, type));
  }

  /** A lambda leaves no trace of the type that it stands for, but in the method it is given to. */
  private static boolean takes(JavaClass user, JavaClass type) {
    return user.getModifiers().contains(JavaModifier.PUBLIC)
        && user.getMethods().stream()
            .filter(method -> method.getModifiers().contains(JavaModifier.PUBLIC))
            .anyMatch(method -> method.getRawParameterTypes().contains(type));
  }

  private static ArchRule ofFlinkOnly(String name, String... packages) {
    return noClasses()
        .that()
        .resideInAPackage(named(name))
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.apache.flink..")
                .and(DescribedPredicate.not(resideInAnyPackage(packages))));
  }

  private static void check(ArchRule rule) {
    rule.check(IMPORTER);
  }

  private static String named(String name) {
    return ROOT + name + "..";
  }
}
