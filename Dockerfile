# One image for every process of the system: they share all of it but a few hundred kilobytes of source. A service is chosen by the working
# folder (services/<name>), a step of the deployment by its command (scripts/deploy/*.ts). Everything runs from source, as `npm start`
# does it (docs/adr/0001-run-from-source.md).

# A base of one's own, for example one that knows one's certificate authorities: --build-arg NODE_IMAGE=…
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS manifests
WORKDIR /app
COPY . .
# What decides the packages and nothing else: a change of source leaves the next stage as it is.
RUN find . -type f ! -name package.json ! -name pnpm-lock.yaml ! -name pnpm-workspace.yaml ! -name .npmrc ! -name '*.patch' -delete

FROM ${NODE_IMAGE} AS packages
# A registry of one's own: --build-arg NPM_CONFIG_REGISTRY=…; one that asks who you are: --secret id=npmrc,src=<your .npmrc>
ARG NPM_CONFIG_REGISTRY
ENV NPM_CONFIG_USERCONFIG=/run/secrets/npmrc
WORKDIR /app
COPY --from=manifests /app .
RUN --mount=type=secret,id=npmrc npm install --global --ignore-scripts --no-audit --no-fund "$(node -p 'require("./package.json").packageManager')"
RUN --mount=type=secret,id=npmrc --mount=type=cache,target=/var/cache/pnpm \
    pnpm install --prod --no-optional --frozen-lockfile --store-dir /var/cache/pnpm --package-import-method copy \
      --filter-prod '@bijli/deploy...' --filter-prod '@bijli/cli...' --filter-prod '{./services/*}...' \
 # Source maps and types of packages help nobody at run time.
 && find node_modules/.pnpm -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete

FROM ${NODE_IMAGE}
WORKDIR /app
# Volumes begin with the owner of the folder that they are mounted over.
RUN install -d -o node -g node /data \
 && install -d -o node -g node /secrets /secrets/kept /secrets/postgres
COPY --from=packages /app .
COPY . .
RUN for service in services/*; do install -d -o node -g node "/secrets/${service#services/}"; done
USER node
# Small heaps, as at `npm start`, whose settings are explained in scripts/start/services.ts.
ENV MALLOC_ARENA_MAX=1
CMD ["node", "--conditions=bijli-source", "--enable-source-maps", "--max-semi-space-size=16", "--max-old-space-size=256", \
     "--heap-growing-percent=80", "--import", "@bijli/service/telemetry", "src/main.ts"]
