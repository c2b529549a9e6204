# Homebrew formula.
class EcsVnc < Formula
  desc "@SUMMARY@"
  homepage "@REPOSITORY@"
  version "@VERSION@"
  license all_of: [{ any_of: ["MIT", "Apache-2.0"] }, "MIT", "MPL-2.0", "BSD-2-Clause", "BSD-2-Clause-Patent", "OFL-1.1"]

  on_macos do
    on_arm do
      url "@DOWNLOADS@/@NAME@-@VERSION@-aarch64-apple-darwin.tar.gz"
      sha256 "@SHA256_aarch64-apple-darwin@"
    end
    on_intel do
      url "@DOWNLOADS@/@NAME@-@VERSION@-x86_64-apple-darwin.tar.gz"
      sha256 "@SHA256_x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "@DOWNLOADS@/@NAME@-@VERSION@-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256_aarch64-unknown-linux-musl@"
    end
    on_intel do
      url "@DOWNLOADS@/@NAME@-@VERSION@-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256_x86_64-unknown-linux-musl@"
    end
  end

  def install
    bin.install "ecs-vnc"
    man1.install Dir["man/man1/*.1"]
    (man/"zh_CN/man1").install Dir["man/zh_CN/man1/*.1"]
    bash_completion.install "completions/ecs-vnc.bash" => "ecs-vnc"
    zsh_completion.install "completions/_ecs-vnc"
    fish_completion.install "completions/ecs-vnc.fish"
    doc.install "README.md", "config.example.toml", "THIRD-PARTY-LICENSES"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/ecs-vnc --version")
    system bin/"ecs-vnc", "screenshot", "--profile", "demo", "web-01", "-f", "console.png"
    assert_path_exists testpath/"console.png"
  end
end
