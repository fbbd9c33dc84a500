// SPDX-License-Identifier: Apache-2.0
package dev.varve.checks;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Holds the code to the one direction of arrows. */
@AnalyzeClasses(packages = "dev.varve", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule MODULES_POINT_DOWNWARDS =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("api")
          .definedBy("dev.varve")
          .layer("core")
          .definedBy("dev.varve.core..")
          .layer("lsm")
          .definedBy("dev.varve.lsm..")
          .layer("txn")
          .definedBy("dev.varve.txn..")
          .layer("query")
          .definedBy("dev.varve.query..")
          .layer("database")
          .definedBy("dev.varve.database..")
          .layer("jdbc")
          .definedBy("dev.varve.jdbc..")
          .withOptionalLayers(true)
          .whereLayer("core")
          .mayOnlyAccessLayers("api")
          .whereLayer("lsm")
          .mayOnlyAccessLayers("core", "api")
          .whereLayer("txn")
          .mayOnlyAccessLayers("lsm", "core", "api")
          .whereLayer("query")
          .mayOnlyAccessLayers("core", "api")
          .whereLayer("database")
          .mayOnlyAccessLayers("query", "txn", "lsm", "core", "api")
          .whereLayer("jdbc")
          .mayOnlyAccessLayers("api")
          .ignoreDependency(alwaysTrue(), resideInAPackage("dev.varve.testkit.."));

  @ArchTest
  static final ArchRule THE_API_KNOWS_NO_MACHINERY =
      noClasses()
          .that()
          .resideInAPackage("dev.varve")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.varve.*..");

  @ArchTest
  static final ArchRule NO_CYCLES_IN_CORE =
      slices().matching("dev.varve.core.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NO_CYCLES_IN_LSM =
      slices().matching("dev.varve.lsm.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest
  static final ArchRule NO_CYCLES_IN_TXN =
      slices().matching("dev.varve.txn.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest
  static final ArchRule NO_CYCLES_IN_QUERY =
      slices().matching("dev.varve.query.(*)..").should().beFreeOfCycles().allowEmptyShould(true);

  @ArchTest
  static final ArchRule NOBODY_USES_UNSAFE =
      noClasses().should().dependOnClassesThat().haveFullyQualifiedName("sun.misc.Unsafe");

  @ArchTest
  static final ArchRule ENGINES_REACH_FILES_THROUGH_THE_FILE_SYSTEM =
      noClasses()
          .that()
          .resideInAnyPackage("dev.varve.lsm..", "dev.varve.txn..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.nio.file.Files")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.nio.channels.FileChannel");
}
