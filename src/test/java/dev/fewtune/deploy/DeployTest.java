package dev.fewtune.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No container engine runs here, so this checks what the files say. */
class DeployTest {
    private static final Path COMPOSE = Path.of("deploy/compose.yaml");
    private static final Path WEB = Path.of("k8s/base/web.yaml");
    private static final Path WORKER = Path.of("k8s/base/worker.yaml");
    private static final Pattern SETTING = Pattern.compile("\\b(?:FEWTUNE|DB|QUARKUS)_[A-Z_]+\\b");

    @Test
    void everyYamlFileParses() throws IOException {
        for (Path file : yamlFiles()) {
            assertThat(YamlFile.documents(file)).as("%s", file).isNotEmpty();
        }
    }

    @Test
    void composeStartsOneWebAndTwoWorkersOnOneStore() throws IOException {
        JsonNode services = YamlFile.first(COMPOSE).get("services");

        assertThat(role(services.get("web"))).isEqualTo("web");
        assertThat(role(services.get("worker-1"))).isEqualTo("worker");
        assertThat(role(services.get("worker-2"))).isEqualTo("worker");
        for (String name : List.of("web", "worker-1", "worker-2")) {
            JsonNode service = services.get(name);
            assertThat(texts(service.get("volumes"))).contains("artifacts:/var/lib/fewtune/artifacts");
            assertThat(service.at("/environment/FEWTUNE_ARTIFACTS_DIR").asText())
                    .isEqualTo("/var/lib/fewtune/artifacts");
            assertThat(service.at("/environment/FEWTUNE_TOKEN").asText()).startsWith("${FEWTUNE_TOKEN:?");
            assertThat(service.at("/environment/DB_PASSWORD").asText()).startsWith("${DB_PASSWORD:?");
            assertThat(service.at("/depends_on/db/condition").asText()).isEqualTo("service_healthy");
        }
        assertThat(services.at("/db/image").asText()).startsWith("mysql:8");
        assertThat(services.at("/db/healthcheck/test").isArray()).isTrue();
    }

    @Test
    void composePublishesTheWebProcessToThisMachineOnly() throws IOException {
        JsonNode services = YamlFile.first(COMPOSE).get("services");

        assertThat(texts(services.at("/web/ports"))).containsExactly("127.0.0.1:8080:8080");
        assertThat(services.get("worker-1").has("ports")).isFalse();
        assertThat(services.get("db").has("ports")).isFalse();
    }

    @Test
    void composeDeclaresEveryVolumeItMounts() throws IOException {
        JsonNode compose = YamlFile.first(COMPOSE);
        Set<String> mounted = new TreeSet<>();
        compose.get("services").forEach(service -> texts(service.path("volumes"))
                .forEach(volume -> mounted.add(volume.substring(0, volume.indexOf(':')))));

        assertThat(compose.get("volumes").fieldNames()).toIterable().containsExactlyInAnyOrderElementsOf(mounted);
    }

    @Test
    void imageRunsAsAPlainUserAndTellsItsHealth() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("deploy/Dockerfile"));

        assertThat(lines).contains("USER 10001:10001", "COPY target/quarkus-app/ /app/");
        assertThat(lines).anyMatch(line -> line.startsWith("HEALTHCHECK "));
        assertThat(String.join("\n", lines)).contains("http://127.0.0.1:8080/q/health/ready");
    }

    @Test
    void deploymentsHaveRolesProbesLimitsAndNoRoot() throws IOException {
        assertThat(checked(WEB)).isEqualTo("web");
        assertThat(checked(WORKER)).isEqualTo("worker");
    }

    @Test
    void secretsAreReferencedNeverWritten() throws IOException {
        for (Path file : List.of(WEB, WORKER)) {
            JsonNode container = container(YamlFile.first(file));
            for (String name : List.of("DB_URL", "DB_USER", "DB_PASSWORD", "FEWTUNE_TOKEN")) {
                JsonNode variable = variable(container, name);
                assertThat(variable.has("value")).isFalse();
                assertThat(variable.at("/valueFrom/secretKeyRef/name").asText()).isEqualTo("fewtune");
                assertThat(variable.at("/valueFrom/secretKeyRef/key").asText()).isEqualTo(name);
            }
        }
    }

    @Test
    void webAndWorkersShareTheArtifacts() throws IOException {
        JsonNode claim = YamlFile.first(Path.of("k8s/base/artifacts.yaml"));
        assertThat(texts(claim.at("/spec/accessModes"))).containsExactly("ReadWriteMany");

        for (Path file : List.of(WEB, WORKER)) {
            JsonNode deployment = YamlFile.first(file);
            assertThat(deployment
                            .at("/spec/template/spec/volumes/0/persistentVolumeClaim/claimName")
                            .asText())
                    .isEqualTo(claim.at("/metadata/name").asText());
            assertThat(variable(container(deployment), "FEWTUNE_ARTIFACTS_DIR")
                            .get("value")
                            .asText())
                    .isEqualTo(container(deployment)
                            .at("/volumeMounts/0/mountPath")
                            .asText());
        }
    }

    @Test
    void serviceLeadsToTheWebProcess() throws IOException {
        List<JsonNode> documents = YamlFile.documents(WEB);

        assertThat(documents.get(1).get("kind").asText()).isEqualTo("Service");
        assertThat(documents.get(1).at("/spec/selector"))
                .isEqualTo(documents.get(0).at("/spec/selector/matchLabels"));
    }

    @Test
    void gpuOverlayGivesEachWorkerOneGpu() throws IOException {
        Path overlay = Path.of("k8s/overlays/gpu");
        JsonNode patch = YamlFile.first(overlay.resolve("worker-gpu.yaml"));
        JsonNode worker = YamlFile.first(WORKER);

        assertThat(patch.at("/metadata/name")).isEqualTo(worker.at("/metadata/name"));
        assertThat(container(patch).get("name")).isEqualTo(container(worker).get("name"));
        assertThat(container(patch)
                        .at("/resources/limits")
                        .get("nvidia.com/gpu")
                        .asInt())
                .isEqualTo(1);
        assertThat(texts(YamlFile.first(overlay.resolve("kustomization.yaml")).get("resources")))
                .containsExactly("../../base");
    }

    @Test
    void kustomizationsNameFilesThatExist() throws IOException {
        for (Path folder : List.of(Path.of("k8s/base"), Path.of("k8s/overlays/gpu"))) {
            JsonNode kustomization = YamlFile.first(folder.resolve("kustomization.yaml"));
            List<String> names = new ArrayList<>(texts(kustomization.get("resources")));
            kustomization
                    .path("patches")
                    .forEach(patch -> names.add(patch.get("path").asText()));
            assertThat(names)
                    .allSatisfy(name -> assertThat(folder.resolve(name)).exists());
        }
    }

    @Test
    void everySettingTheyNameExists() throws IOException {
        SettingNames known = SettingNames.read();
        Set<String> named = new TreeSet<>();
        List<Path> files = new ArrayList<>(yamlFiles());
        files.add(Path.of("deploy/Dockerfile"));
        files.add(Path.of("deploy/.env.example"));
        for (Path file : files) {
            SETTING.matcher(Files.readString(file)).results().forEach(match -> named.add(match.group()));
        }

        assertThat(named).contains("FEWTUNE_ROLE", "FEWTUNE_TOKEN", "DB_URL", "QUARKUS_HTTP_HOST");
        assertThat(named).allMatch(known::contain, "is a setting of the program");
        assertThat(known.contain("FEWTUNE_NO_SUCH_SETTING")).isFalse();
    }

    /** Checks what both deployments promise, and returns the role. */
    private static String checked(Path file) throws IOException {
        JsonNode deployment = YamlFile.first(file);
        JsonNode container = container(deployment);
        assertThat(deployment
                        .at("/spec/template/spec/securityContext/runAsNonRoot")
                        .asBoolean())
                .isTrue();
        assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true))
                .isFalse();
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/q/health/live");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/q/health/ready");
        assertThat(container.at("/resources/requests/cpu").isMissingNode()).isFalse();
        assertThat(container.at("/resources/limits/memory").isMissingNode()).isFalse();
        assertThat(deployment.at("/spec/selector/matchLabels"))
                .isEqualTo(deployment.at("/spec/template/metadata/labels"));
        return variable(container, "FEWTUNE_ROLE").get("value").asText();
    }

    private static String role(JsonNode service) {
        return service.at("/environment/FEWTUNE_ROLE").asText();
    }

    private static JsonNode container(JsonNode deployment) {
        return deployment.at("/spec/template/spec/containers/0");
    }

    private static JsonNode variable(JsonNode container, String name) {
        for (JsonNode variable : container.get("env")) {
            if (variable.get("name").asText().equals(name)) {
                return variable;
            }
        }
        throw new AssertionError("The container has no variable %s.".formatted(name));
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    private static List<Path> yamlFiles() throws IOException {
        try (Stream<Path> deploy = Files.walk(Path.of("deploy"));
                Stream<Path> k8s = Files.walk(Path.of("k8s"))) {
            return Stream.concat(deploy, k8s)
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .toList();
        }
    }
}
