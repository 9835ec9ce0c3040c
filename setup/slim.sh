#!/usr/bin/env bash
# Takes out of .venv what no line of ours comes to, so that an image holds what runs and little else. For an image alone:
# afterwards nothing can be installed into that .venv any more.
#   setup/slim.sh
# `setup/rehearsal.py` then looks whether everything is still there that the room needs.
set -euo pipefail
cd "$(dirname "$0")/.."
. setup/say.sh
here=$PWD

[ -x .venv/bin/python ] || stop "There is no .venv to make slim. First: setup/python.sh slim"
command -v strip >/dev/null || stop "There is no strip. Install it (Debian: apt-get install binutils), then start again."
languages=$(cd presence/languages && printf '%s\n' */LC_MESSAGES | cut -d/ -f1)
packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
before=$(du -sm .venv | cut -f1)
say "Taking out what nothing comes to …"
rm -rf .venv/bin/pip* .venv/include
cd "$packages"

# What was compiled is compiled anew, for what the rehearsal loads and nothing else.
find . -name __pycache__ -type d -prune -exec rm -rf {} +
# What installs, what is for compilers and for readers of types, and what tests the packages themselves.
rm -rf pip pip-* setuptools setuptools-* _distutils_hack distutils-precedence.pth lib bin include ./*.dist-info/RECORD
find . \( -name '*.pyi' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.pxi' -o -name '*.[ch]' -o -name '*.hpp' -o -name '*.cpp' \
  -o -name '*.[ch]c' -o -name '*.a' -o -name '*.ijm' \) -type f -delete
find . -mindepth 2 \( -name tests -o -name test \) -type d -prune -exec rm -rf {} +
rm -rf numpy/f2py numpy/distutils numpy/_pyinstaller numpy/_core/_simd.*.so numpy/_core/_*_tests.*.so

# OpenVINO: graphics cards, choosing among devices, other formats than its own, its door for C.
rm -rf openvino/include openvino/libs/cache.json openvino/libs/libopenvino_intel_[gn]pu_plugin.so \
  openvino/libs/libopenvino_{auto,auto_batch,hetero}_plugin.so openvino/libs/libopenvino_c.so.* \
  openvino/libs/libopenvino_*[!i][!r]_frontend.so.*
find openvino/frontend -name '*.so' -delete 2>/dev/null || true
# Stripe: the shapes of arguments, for readers of types. Pillow: formats that are neither drawn nor read here. lxml: trees
# as objects, schemas. RapidFuzz: all of it a second time, for AVX2; the other gives the same.
rm -rf stripe/params PIL/_{avif,webp}.*.so pillow.libs/lib{avif,webpdemux,webpmux}-* lxml/objectify.*.so lxml/isoschematron
find rapidfuzz -name '*_avx2.*.so' -delete 2>/dev/null || true
# Pygments: the languages of programs other than Python, which the command colours where it broke.
find pygments/lexers -name '*.py' ! -name __init__.py ! -name _mapping.py ! -name python.py -delete 2>/dev/null || true
# Chroma: gRPC, which it loads for reports that nobody tells it to make.
reporter=opentelemetry/exporter/otlp/proto/grpc/trace_exporter
rm -rf grpc grpcio-*.dist-info google/api google/cloud google/gapic google/logging google/longrunning google/rpc google/type \
  googleapis_common_protos-*.dist-info opentelemetry/exporter opentelemetry/proto opentelemetry_exporter_otlp_*.dist-info \
  opentelemetry_proto-*.dist-info
install -D -m 644 "$here/setup/no_reports.py" "$reporter/__init__.py"
# Babel: the languages that nobody is spoken to in.
if [ -d babel/locale-data ]; then
  kept=(! -name root.dat ! -name en.dat ! -name 'en_*.dat')
  for language in $languages; do kept+=(! -name "$language.dat" ! -name "${language}_*.dat"); done
  find babel/locale-data -name '*.dat' "${kept[@]}" -delete
fi
# The engine: each library lies there under three names.
for numbered in llama_cpp/lib/lib*.so.?; do
  [ -e "$numbered" ] || continue
  rm -f "$numbered".*
  ln -sf "${numbered##*/}" "${numbered%.*}"
done
# Symbols, which only a debugger reads. Not where the wheel's maker has moved things about: strip breaks those.
find . -name '*.so' -type f -not -path './openvino/*' -not -path './*.libs/*' -exec strip --strip-unneeded {} +

cd "$here"
say "In .venv: $(du -sm .venv | cut -f1) MB of $before."
