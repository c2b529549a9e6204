#!/bin/sh
# Makes the pictures of this directory with ImageMagick (6.9), and beside each, as NAME.ppm, the same file as ImageMagick
# reads it: over black, 8 bits a channel.
set -eu
cd "$(dirname "$0")"
opaque="-size 13x9 gradient:red-blue -swirl 120"
sheer="-size 13x9 gradient:rgba(255,200,0,0.9)-rgba(0,90,255,0.1) -swirl 60"
convert $opaque -strip PNG24:rgb8.png
convert $opaque -strip -interlace PNG PNG24:interlaced.png
convert $opaque -strip -depth 16 PNG48:rgb16.png
convert $sheer -strip PNG32:rgba8.png
convert $sheer -strip -depth 16 PNG64:rgba16.png
convert $sheer -strip -colorspace gray -define png:color-type=4 gray_alpha.png
convert $opaque -strip -colorspace gray -depth 16 -define png:color-type=0 -define png:bit-depth=16 gray16.png
convert $opaque -strip -monochrome -define png:color-type=0 -define png:bit-depth=1 gray1.png
convert $opaque -strip -colors 4 -define png:color-type=3 -define png:bit-depth=2 palette2.png
convert $opaque -strip -colors 100 PNG8:palette8.png
convert $sheer -strip -colors 12 -channel A -threshold 50% +channel PNG8:palette_alpha.png
convert $opaque -resize '19x17!' -strip -quality 90 -sampling-factor 1x1 baseline.jpg
convert $opaque -resize '19x17!' -strip -quality 90 -sampling-factor 1x1 -interlace JPEG progressive.jpg
convert $opaque -resize '19x17!' -strip -quality 90 -colorspace gray gray.jpg
for file in *.png *.jpg; do
    convert "$file" -background black -flatten -depth 8 "PPM:${file%.*}.ppm"
done
