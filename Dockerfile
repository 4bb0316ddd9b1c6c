FROM debian:bookworm-slim AS build
WORKDIR /khobor
# The packages are a layer of their own, which a change of the code doesn't make anew.
COPY tools/deps tools/
RUN apt-get update && apt-get install -y --no-install-recommends make && tools/deps build
COPY . .
RUN make -j"$(nproc)"

FROM debian:bookworm-slim
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        libmicrohttpd12 libsqlite3-0 libjansson4 libinih1 libcmark0.30.2 libutf8proc2 zlib1g \
        libbrotli1 libsodium23 tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 khobor \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data \
        --shell /usr/sbin/nologin khobor \
    && install -d -o khobor -g khobor /data
COPY --from=build /khobor/build/khobor /usr/local/bin/khobor
ENV KHOBOR_STORE_DATABASE=/data/khobor.db KHOBOR_HTTP_LISTEN=0.0.0.0:8080
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s CMD ["khobor", "health"]
ENTRYPOINT ["khobor"]
CMD ["serve"]
