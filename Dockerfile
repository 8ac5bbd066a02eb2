# bilateral in a container.
#
#     docker build -t bilateral .                      Debian slim
#     docker build -t bilateral --target minimal .     nothing but the program and its libraries
#     docker run --read-only --cap-drop ALL -p 127.0.0.1:8080:8080 -v record:/var/lib/bilateral bilateral
#
# Kept to what docker, podman and buildah 1.28 all read: no heredocs, no COPY --link. Every RUN that
# uses apt ends with apt-get clean, so that the size does not depend on how the base is set up.

ARG BASE=debian:bookworm-slim

FROM ${BASE} AS build
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        gcc libc6-dev meson ninja-build pkgconf python3 \
        libmicrohttpd-dev libjansson-dev libsqlite3-dev nettle-dev libunistring-dev \
        zlib1g-dev \
        libcmocka-dev \
    && apt-get clean && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
# The C suites run here against what is shipped; the suites that need Python run in script/test.
RUN meson setup /build --buildtype=release --prefix=/usr -Dtests=enabled \
    && ninja -C /build \
    && meson test -C /build --no-rebuild --print-errorlogs \
    && DESTDIR=/out meson install -C /build --no-rebuild --strip
# For the minimal image: the libraries the program loads, a user, and empty folders.
RUN mkdir -p /minimal/etc /minimal/tmp /minimal/var/lib/bilateral \
    && ldd /out/usr/bin/bilaterald | grep -o '/[^ ]*' | sort -u \
        | while read -r library; do cp --parents -L "$library" /minimal; done \
    && echo 'bilateral:x:10001:10001::/var/lib/bilateral:/usr/sbin/nologin' > /minimal/etc/passwd \
    && echo 'bilateral:x:10001:' > /minimal/etc/group \
    && chmod 1777 /minimal/tmp && chown 10001:10001 /minimal/var/lib/bilateral

FROM scratch AS minimal
COPY --from=build /minimal/ /
COPY --from=build /out/ /
ENV BILATERAL_LISTEN=0.0.0.0:8080 \
    BILATERAL_STORE=/var/lib/bilateral/bilateral.sqlite3 \
    BILATERAL_SEEDS=/usr/share/bilateral/seeds/viet-nam-guangxi
USER 10001:10001
WORKDIR /var/lib/bilateral
VOLUME /var/lib/bilateral
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["/usr/bin/bilaterald", "probe"]
ENTRYPOINT ["/usr/bin/bilaterald"]
CMD ["serve"]

FROM ${BASE} AS runtime
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        libmicrohttpd12 libjansson4 libsqlite3-0 libnettle8 libunistring2 zlib1g \
    && apt-get clean && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 bilateral \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/bilateral \
        --shell /usr/sbin/nologin bilateral \
    && install -d -o 10001 -g 10001 -m 0750 /var/lib/bilateral
COPY --from=build /out/ /
ENV BILATERAL_LISTEN=0.0.0.0:8080 \
    BILATERAL_STORE=/var/lib/bilateral/bilateral.sqlite3 \
    BILATERAL_SEEDS=/usr/share/bilateral/seeds/viet-nam-guangxi
USER 10001:10001
WORKDIR /var/lib/bilateral
VOLUME /var/lib/bilateral
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["/usr/bin/bilaterald", "probe"]
ENTRYPOINT ["/usr/bin/bilaterald"]
CMD ["serve"]
