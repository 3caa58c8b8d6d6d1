using System.Text;
using Replica.Testing.Vectors;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Vectors;

/// <summary>Vectors of others and of our own, judged by the code behind <c>replica dev vectors</c>.</summary>
public sealed class VectorTests(ITestOutputHelper output)
{
    [Fact]
    public void S6_own_noise_vectors_are_reproduced_and_changed_ones_rejected_in_time()
    {
        var verdicts = VectorFile.Run(OwnFile("noise-own.json"));

        Assert.Equal(32 + 282, verdicts.Count);
        AllPass(verdicts);
    }

    [Fact]
    public void S8_signatures_by_keys_of_mixed_order_are_judged_without_the_cofactor()
    {
        var verdicts = VectorFile.Run(OwnFile("ed25519-own.json"));

        Assert.Equal(2, verdicts.Count);
        AllPass(verdicts);
    }

    [Theory]
    [InlineData("noise/noise-core.json", 76, 0)]
    [InlineData("noise/noise-more.json", 100, 176)]
    [InlineData("noise/noise-own.json", 314, 0)]
    [InlineData("msgpack/msgpack-hostile.json", 87, 10)]
    [InlineData("msgpack/msgpack-test-suite.json", 211, 22)]
    public void Published_vectors_hold(string file, int passed, int skipped) => Holds(file, passed, skipped);

    [Theory]
    [InlineData("wycheproof/x25519_test.json", 518)]
    [InlineData("wycheproof/ed25519_test.json", 151)]
    [InlineData("wycheproof/chacha20_poly1305_test.json", 325)]
    [InlineData("wycheproof/hkdf_sha256_test.json", 86)]
    [InlineData("wycheproof/hmac_sha256_test.json", 174)]
    public void S5_S8_the_hard_cases_of_every_primitive_in_use_hold(string file, int passed) => Holds(file, passed, 0);

    [Theory]
    [InlineData("\"ciphertext\":\"", "0")]
    [InlineData("\"payload\":\"", "0")]
    [InlineData("\"handshake_hash\":\"", "0")]
    [InlineData("\"init_static\":\"", "0")]
    [InlineData("\"resp_psks\":[\"", "0")]
    [InlineData("\"phase\":\"", "no longer handshake")]
    public void A_noise_file_that_was_changed_fails(string before, string instead)
    {
        var text = Encoding.UTF8.GetString(OwnFile("noise-own.json")).Replace(": ", ":", StringComparison.Ordinal);
        var changed = 0;

        foreach (var place in Places(text, before).Where((_, index) => index % 97 == 0))
        {
            var mutated = instead == "0" ? Flip(text, place) : text[..place] + instead + text[place..];
            changed++;
            Assert.Contains(VectorFile.Run(Encoding.UTF8.GetBytes(mutated)), verdict => verdict.Outcome == VectorOutcome.Failed);
        }

        Assert.True(changed > 0);
    }

    [Theory]
    [InlineData("", "not valid JSON")]
    [InlineData("no JSON", "not valid JSON")]
    [InlineData("[]", "of no kind")]
    [InlineData("{}", "of no kind")]
    [InlineData("""{"scenarios":[]}""", "of no kind")]
    [InlineData("""{"vectors":[]}""", "no vectors")]
    [InlineData("""{"algorithm":"EDDSA","testGroups":[]}""", "no vectors")]
    public void A_file_of_another_kind_is_an_error(string content, string said)
    {
        var fault = Assert.Throws<VectorException>(() => VectorFile.Run(Encoding.UTF8.GetBytes(content)));

        Assert.Contains(said, fault.Message);
    }

    [Theory]
    [InlineData("""{"vectors":[{"protocol_name":"Noise_XX_25519_ChaChaPoly_SHA256"}]}""", VectorOutcome.Failed, "'init_ephemeral' is missing")]
    [InlineData("""{"vectors":[{"protocol_name":"Noise_XX_448_ChaChaPoly_SHA256"}]}""", VectorOutcome.Skipped, "curve 448")]
    [InlineData("""{"vectors":[{"protocol_name":"Noise_XXfallback_25519_ChaChaPoly_SHA256"}]}""", VectorOutcome.Skipped, "pattern XXfallback")]
    [InlineData("""{"vectors":[{"protocol_name":"Noise"}]}""", VectorOutcome.Failed, "no name of a Noise protocol")]
    [InlineData("""{"vectors":[3]}""", VectorOutcome.Failed, "'name' is missing")]
    [InlineData("""{"algorithm":"AES-GCM","testGroups":[{"tests":[{}]}]}""", VectorOutcome.Skipped, "AES-GCM")]
    [InlineData("""{"algorithm":"HMACSHA256","testGroups":[{"tests":[{"key":"x","msg":"","tag":"00","result":"valid"}]}]}""", VectorOutcome.Failed, "hex")]
    [InlineData("""{"cases":[{"id":"a","expect":"accept","hex":"c1"}]}""", VectorOutcome.Failed, "reserved")]
    [InlineData("""{"cases":[{"id":"a","expect":"reject","hex":"c0"}]}""", VectorOutcome.Failed, "must be refused")]
    [InlineData("""{"cases":[{"id":"a","expect":"perhaps","hex":"c0"}]}""", VectorOutcome.Failed, "perhaps")]
    [InlineData("""{"cases":[{"id":"a","expect":"not-canonical","hex":"cc01","canonical":"02"}]}""", VectorOutcome.Failed, "canonical")]
    [InlineData("""{"a":[{"number":2,"msgpack":["01"]}]}""", VectorOutcome.Failed, "not the value")]
    public void A_vector_is_judged_for_itself(string content, VectorOutcome outcome, string said)
    {
        var verdict = Assert.Single(VectorFile.Run(Encoding.UTF8.GetBytes(content)));

        Assert.Equal(outcome, verdict.Outcome);
        Assert.Contains(said, verdict.Detail);
    }

    private static byte[] OwnFile(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", name));

    private static void AllPass(IReadOnlyList<VectorVerdict> verdicts) =>
        Assert.DoesNotContain(verdicts, static verdict => verdict.Outcome != VectorOutcome.Passed);

    private static IEnumerable<int> Places(string text, string before)
    {
        for (var at = text.IndexOf(before, StringComparison.Ordinal); at >= 0; at = text.IndexOf(before, at + 1, StringComparison.Ordinal))
        {
            if (text[at + before.Length] != '"')
            {
                yield return at + before.Length;
            }
        }
    }

    private static string Flip(string text, int place) => $"{text[..place]}{(text[place] == '0' ? '4' : '0')}{text[(place + 1)..]}";

    private void Holds(string file, int passed, int skipped)
    {
        if (!SharedFiles.TryFind("vectors/" + file, output, out var path))
        {
            return;
        }

        var verdicts = VectorFile.Run(File.ReadAllBytes(path));

        Assert.DoesNotContain(verdicts, static verdict => verdict.Outcome == VectorOutcome.Failed);
        Assert.Equal(passed, verdicts.Count(static verdict => verdict.Outcome == VectorOutcome.Passed));
        Assert.Equal(skipped, verdicts.Count(static verdict => verdict.Outcome == VectorOutcome.Skipped));
    }
}
