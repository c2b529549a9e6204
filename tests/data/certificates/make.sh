#!/bin/sh
# Makes the certificates of this directory anew. They are trusted by nothing, and their keys are not kept.
set -eu
cd "$(dirname "$0")"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=test -days 36500 \
    -out plain.pem
trust() { openssl x509 -in plain.pem -trustout "$@"; }
trust -setalias test -out alias.pem
trust -addtrust serverAuth -addtrust emailProtection -out for_servers.pem
trust -addtrust anyExtendedKeyUsage -out for_all.pem
trust -addtrust emailProtection -out for_mail.pem
trust -addreject serverAuth -out not_for_servers.pem
trust -addtrust serverAuth -addreject anyExtendedKeyUsage -out for_nothing.pem
