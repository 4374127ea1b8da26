#!/bin/bash
# Installs what the whole test suite needs from Debian; says clearly what it could not install.
set -u
missing=()
command -v chromium >/dev/null || missing+=(chromium)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
command -v java >/dev/null || missing+=(default-jre-headless)
fc-list 2>/dev/null | grep -q "Noto Sans CJK" || missing+=(fonts-noto-cjk)
command -v pdftotext >/dev/null || missing+=(poppler-utils)
[ ${#missing[@]} -eq 0 ] && exit 0
echo "bole: 安装测试所需软件 / installing for the tests: ${missing[*]}"
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "bole: 需要管理员安装 / please install as root: ${missing[*]} — 相关测试将跳过并列出 / their tests are skipped and listed"
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
for package in "${missing[@]}"; do
  apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 ||
    echo "bole: 未能安装 $package，相关测试将跳过并列出 / could not install $package: its tests are skipped and listed"
done
exit 0
