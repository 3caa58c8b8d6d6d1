using System.Security.Cryptography;
using System.Text.Json;
using Replica.Transport.Noise;
using Xunit;
using Xunit.Abstractions;

namespace Replica.Tests.Properties.Transport;

public sealed class NoiseVectorTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("vectors", 24)]
    [InlineData("rekey_vectors", 4)]
    [InlineData("long_vectors", 4)]
    public void Own_vectors_are_reproduced_to_the_byte(string section, int count)
    {
        var vectors = NoiseVectorFile.Own().Section(section);

        Assert.Equal(count, vectors.Count);
        Assert.All(vectors, Reproduce);
    }

    [Fact]
    public void Published_vectors_are_reproduced_to_the_byte()
    {
        if (!SharedFiles.TryFind("vectors/noise/noise-core.json", output, out var path))
        {
            return;
        }

        var vectors = NoiseVectorFile.At(path).Section("vectors");

        Assert.Equal(76, vectors.Count);
        Assert.All(vectors, Reproduce);
    }

    [Fact]
    public void S6_changed_messages_and_settings_are_rejected_no_later_than_they_must_be()
    {
        var file = NoiseVectorFile.Own();
        var bases = file.Section("vectors").ToDictionary(v => v.GetProperty("id").GetString()!);
        var rejects = file.Section("rejects");

        Assert.Equal(282, rejects.Count);
        Assert.All(rejects, r => Reject(r, bases[r.GetProperty("base").GetString()!]));
    }

    private static void Reproduce(JsonElement vector)
    {
        using var initiator = new NoiseVectorSide(vector, "init", mutation: null);
        using var responder = new NoiseVectorSide(vector, "resp", mutation: null);
        foreach (var step in vector.GetProperty("messages").EnumerateArray())
        {
            var phase = step.GetProperty("phase").GetString()!;
            var (from, to) = step.GetProperty("from").GetString() == "init" ? (initiator, responder) : (responder, initiator);
            if (phase == "rekey")
            {
                from.RekeySend();
                to.RekeyReceive();
                continue;
            }

            var payload = Payload(step);
            var message = from.Write(phase, payload);
            CheckCiphertext(step, message);
            Assert.Equal(payload, to.Read(phase, message));
        }

        var hash = vector.TryGetProperty("handshake_hash", out var published)
            ? published.GetString()
            : vector.GetProperty("handshake_hash_derived").GetString();
        Assert.Equal(hash, Convert.ToHexStringLower(initiator.Hash));
        Assert.Equal(hash, Convert.ToHexStringLower(responder.Hash));
    }

    private static void Reject(JsonElement reject, JsonElement vector)
    {
        var mutation = reject.GetProperty("mutation");
        var due = reject.GetProperty("must_fail_at");
        var (dueMessage, dueOn) = (due.GetProperty("message").GetInt32(), due.GetProperty("on").GetString());
        using var initiator = new NoiseVectorSide(vector, "init", mutation);
        using var responder = new NoiseVectorSide(vector, "resp", mutation);
        var sent = new List<byte[]>();
        var steps = vector.GetProperty("messages").EnumerateArray().ToList();
        for (var index = 0; index <= dueMessage; index++)
        {
            var phase = steps[index].GetProperty("phase").GetString()!;
            var (from, to) = steps[index].GetProperty("from").GetString() == "init"
                ? (initiator, responder)
                : (responder, initiator);
            var payload = Payload(steps[index]);
            var message = Array.Empty<byte>();
            try
            {
                message = from.Write(phase, payload);
                sent.Add(message);
                if (index == dueMessage && dueOn == "write")
                {
                    break;
                }

                to.Read(phase, Mutate(mutation, index, message, sent));
            }
            catch (NoiseException)
            {
                // Nothing usable is left: not even the honest message is taken now.
                Assert.Throws<NoiseException>(
                    () => sent.Count > index ? to.Read(phase, message) : from.Write(phase, payload));
                return;
            }
        }

        Assert.Fail($"{reject.GetProperty("id").GetString()} was accepted.");
    }

    private static byte[] Mutate(JsonElement mutation, int index, byte[] message, List<byte[]> sent)
    {
        if (!mutation.TryGetProperty("message", out var at) || at.GetInt32() != index)
        {
            return message;
        }

        byte[] changed = [.. message];
        switch (mutation.GetProperty("op").GetString())
        {
            case "xor":
                changed[mutation.GetProperty("offset").GetInt32()] ^= mutation.GetProperty("mask").GetByte();
                return changed;
            case "truncate":
                return changed[..mutation.GetProperty("length").GetInt32()];
            case "append":
                return [.. changed, .. Convert.FromHexString(mutation.GetProperty("hex").GetString()!)];
            case "overwrite":
                Convert.FromHexString(mutation.GetProperty("hex").GetString()!)
                    .CopyTo(changed, mutation.GetProperty("offset").GetInt32());
                return changed;
            case "replace_with_message":
                return sent[mutation.GetProperty("index").GetInt32()];
            default:
                throw new InvalidOperationException($"Unknown mutation {mutation}.");
        }
    }

    private static byte[] Payload(JsonElement step)
    {
        if (step.TryGetProperty("payload", out var hex))
        {
            return Convert.FromHexString(hex.GetString()!);
        }

        var repeat = step.GetProperty("payload_repeat");
        return [.. Enumerable.Repeat(repeat.GetProperty("byte").GetByte(), repeat.GetProperty("count").GetInt32())];
    }

    private static void CheckCiphertext(JsonElement step, byte[] message)
    {
        if (step.TryGetProperty("ciphertext", out var hex))
        {
            Assert.Equal(hex.GetString(), Convert.ToHexStringLower(message));
        }
        else
        {
            Assert.Equal(step.GetProperty("ciphertext_sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(message)));
        }
    }
}
