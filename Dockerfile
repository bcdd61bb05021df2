# syntax=docker/dockerfile:1
# better-sqlite3 comes without a binary for some platforms: the first stage has what building it takes.
FROM node:22-bookworm AS build
WORKDIR /relais
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:22-bookworm-slim
ENV NODE_ENV=production RELAIS_DATA=/data
WORKDIR /relais
COPY --from=build /relais/package.json ./
COPY --from=build /relais/node_modules ./node_modules
COPY --from=build /relais/dist ./dist
COPY --from=build /relais/src/db/migrations ./src/db/migrations
COPY --from=build /relais/src/web ./src/web
COPY --from=build /relais/campaigns ./campaigns
COPY --from=build /relais/templates ./templates
COPY --from=build /relais/examples ./examples
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 3000
# As a process of its own and not under npm: SIGTERM must reach it.
ENTRYPOINT ["node", "dist/src/cli.js"]
CMD ["serve"]
