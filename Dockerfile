# The site as a service: see docker-compose.yml. Debian, because the Java runtime needs glibc.
FROM python:3.13-slim

# A recording names the commit that it comes from, so there must be a git to ask.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /tracegen
COPY . .

# Any task sets up what is missing. Done here, a start of the container need not do it.
RUN ./dev record --help

EXPOSE 8000
