#!/usr/bin/env bash
# Makes the secrets that no operator makes, at random: `SMPP_PASSWORD_FILE=<file> make-secrets.sh <namespace>`. What is there stays as it
# is. Nothing secret is an argument of a command, or printed.
set -euo pipefail
namespace=${1:?name the namespace}
password_file=${SMPP_PASSWORD_FILE:?name the file with the password of the account at your carrier}

# So many octets at random, in hex.
random() { head -c "$1" /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
# Makes the secret on its input unless one of that name is there.
make() {
  if kubectl --namespace "$namespace" get secret "$1" --output name > /dev/null 2>&1; then
    cat > /dev/null
    echo "$1 is there"
  else
    kubectl --namespace "$namespace" create --filename -
  fi
}

for service in consumer-registry outage billing complaint notifier; do
  for role in owner app; do
    database=${service//-/_}
    password=$(random 24)
    make "$service-$role" << SECRET
apiVersion: v1
kind: Secret
metadata: { name: $service-$role, labels: { cnpg.io/reload: "true" } }
type: kubernetes.io/basic-auth
stringData:
  username: "${database}_$role"
  password: "$password"
  database-url: "postgres://${database}_$role:$password@bijli-postgres-rw:5432/$database?sslmode=verify-full&sslrootcert=/run/secrets/bijli-alert/postgres-ca.crt"
SECRET
  done
done

make number-keys << SECRET
apiVersion: v1
kind: Secret
metadata: { name: number-keys }
stringData:
  seal-keys: "k1:$(random 32)"
  blind-index-key: "$(random 32)"
SECRET

make smpp-account << SECRET
apiVersion: v1
kind: Secret
metadata: { name: smpp-account }
data:
  password: "$(tr -d '\r\n' < "$password_file" | base64 | tr -d '\n')"
SECRET
