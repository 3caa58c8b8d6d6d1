using System.Security.Cryptography;
using System.Text.Json;
using Replica.Transport;
using Replica.Transport.Crypto;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Transport;

/// <summary>Google's and C2SP's collection of hard cases, for every primitive the product uses.</summary>
public sealed class WycheproofTests(ITestOutputHelper output)
{
    [Fact]
    public void S5_X25519_gives_the_known_secrets_and_refuses_all_zero_ones() => ForEach("x25519_test.json", (_, test) =>
    {
        using var key = Key.Import(KeyAgreementAlgorithm.X25519, Hex(test, "private"));
        var shared = new byte[KeyAgreementAlgorithm.SharedSecretSize];
        var due = Hex(test, "shared");

        var agreed = KeyAgreementAlgorithm.X25519.TryAgree(key, Hex(test, "public"), shared);

        Assert.Equal(due, shared);
        Assert.Equal(due.Any(b => b != 0), agreed);
    });

    [Fact]
    public void S8_Ed25519_accepts_exactly_the_valid_signatures() => ForEach("ed25519_test.json", (group, test) =>
    {
        var key = DeviceKey.FromBytes(Hex(group.GetProperty("publicKey"), "pk"));

        var valid = DeviceSignature.Verify(key, Hex(test, "msg"), Hex(test, "sig"));

        Assert.Equal(test.GetProperty("result").GetString() == "valid", valid);
    });

    [Fact]
    public void ChaCha20Poly1305_of_the_framework_opens_exactly_the_valid_messages() =>
        ForEach("chacha20_poly1305_test.json", (_, test) =>
        {
            if (Hex(test, "iv").Length != 12)
            {
                return;
            }

            using var cipher = new ChaCha20Poly1305(Hex(test, "key"));
            var ciphertext = Hex(test, "ct");
            var plaintext = new byte[ciphertext.Length];
            var valid = true;
            try
            {
                cipher.Decrypt(Hex(test, "iv"), ciphertext, Hex(test, "tag"), plaintext, Hex(test, "aad"));
            }
            catch (CryptographicException)
            {
                valid = false;
            }

            Assert.Equal(test.GetProperty("result").GetString() == "valid", valid);
            if (valid)
            {
                Assert.Equal(Hex(test, "msg"), plaintext);
            }
        });

    [Fact]
    public void HKDF_of_the_framework_gives_the_known_keys() => ForEach("hkdf_sha256_test.json", (_, test) =>
    {
        byte[] Derive() => HKDF.DeriveKey(
            HashAlgorithmName.SHA256, Hex(test, "ikm"), test.GetProperty("size").GetInt32(), Hex(test, "salt"), Hex(test, "info"));

        if (test.GetProperty("result").GetString() == "valid")
        {
            Assert.Equal(Hex(test, "okm"), Derive());
        }
        else
        {
            Assert.ThrowsAny<ArgumentException>(Derive);
        }
    });

    [Fact]
    public void HMAC_of_the_framework_gives_the_known_tags() => ForEach("hmac_sha256_test.json", (_, test) =>
    {
        var tag = Hex(test, "tag");

        var computed = HMACSHA256.HashData(Hex(test, "key"), Hex(test, "msg"));

        var equal = computed.AsSpan(0, tag.Length).SequenceEqual(tag);
        Assert.Equal(test.GetProperty("result").GetString() == "valid", equal);
    });

    private static byte[] Hex(JsonElement test, string name) => Convert.FromHexString(test.GetProperty(name).GetString()!);

    private void ForEach(string file, Action<JsonElement, JsonElement> check)
    {
        if (!SharedFiles.TryFind($"vectors/wycheproof/{file}", output, out var path))
        {
            return;
        }

        using var document = JsonDocument.Parse(File.ReadAllText(path));
        var count = 0;
        foreach (var group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var failure = Record.Exception(() => check(group, test));
                Assert.True(failure is null, $"{file} tcId {test.GetProperty("tcId")}: {failure}");
                count++;
            }
        }

        Assert.Equal(document.RootElement.GetProperty("numberOfTests").GetInt32(), count);
    }
}
