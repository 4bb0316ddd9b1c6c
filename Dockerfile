# The release of Debian: bookworm or trixie.
ARG DEBIAN=bookworm
FROM debian:${DEBIAN}-slim AS build
WORKDIR /khobor
# The packages are a layer of their own, so that a change of the code does not install them again.
COPY tools/deps tools/
RUN apt-get update && apt-get install -y --no-install-recommends make && tools/deps build
COPY . .
RUN make -j"$(nproc)"
# The names of the libraries' packages differ between releases, so the build asks its own for them.
RUN objdump -p build/khobor | sed -n 's|^ *NEEDED *|*/|p' | xargs dpkg-query -S \
    | sed 's/:.*//' | sort -u >build/packages

FROM debian:${DEBIAN}-slim
COPY --from=build /khobor/build/packages /usr/local/share/khobor/packages
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        $(cat /usr/local/share/khobor/packages) tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 khobor \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data \
        --shell /usr/sbin/nologin khobor \
    && install -d -o khobor -g khobor /data
COPY --from=build /khobor/build/khobor /usr/local/bin/khobor
# A library that is missing fails the build here.
RUN khobor version
ENV KHOBOR_STORE_DATABASE=/data/khobor.db KHOBOR_HTTP_LISTEN=0.0.0.0:8080
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s CMD ["khobor", "health"]
ENTRYPOINT ["khobor"]
CMD ["serve"]
