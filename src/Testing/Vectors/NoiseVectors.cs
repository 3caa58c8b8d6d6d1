using System.Security.Cryptography;
using Replica.Transport.Noise;

namespace Replica.Testing.Vectors;

/// <summary>Noise vectors: good ones are reproduced to the byte in both roles, changed ones are rejected in time.</summary>
internal static class NoiseVectors
{
    private static readonly string[] s_good = ["vectors", "rekey_vectors", "long_vectors"];

    /// <summary>Judges a file.</summary>
    public static IEnumerable<VectorVerdict> Judge(VectorFields file)
    {
        var bases = new Dictionary<string, VectorFields>(StringComparer.Ordinal);
        foreach (var (section, vector) in s_good.SelectMany(section => file.List(section).Select(vector => (section, vector))))
        {
            var id = IdOf(vector, $"{section}[{bases.Count}]");
            bases[id] = vector;
            yield return VectorVerdict.Of(id, () => WithSuite(id, vector, suite => Reproduce(id, vector, suite)));
        }

        foreach (var (index, reject) in file.List("rejects").Index())
        {
            var id = IdOf(reject, $"rejects[{index}]");
            yield return VectorVerdict.Of(id, () => bases.TryGetValue(reject.Text("base"), out var vector)
                ? WithSuite(id, vector, suite => Reject(id, reject, vector, suite))
                : VectorVerdict.Fail(id, $"its base '{reject.Text("base")}' is not in the file."));
        }
    }

    private static string IdOf(VectorFields vector, string place) => vector.Find("id")?.ToString() ?? place;

    private static VectorVerdict WithSuite(string id, VectorFields vector, Func<NoiseVectorSuite, VectorVerdict> check)
    {
        var name = vector.FindText("protocol_name") ?? vector.Text("name");
        var (suite, unknown) = NoiseVectorSuite.Find(name);
        if (suite is null)
        {
            return VectorVerdict.Skip(id, $"no session of Replica has the {unknown}");
        }

        try
        {
            return check(suite);
        }
        catch (NoiseException refused)
        {
            return VectorVerdict.Fail(id, $"an honest message was refused: {refused.Message}");
        }
    }

    private static VectorVerdict Reproduce(string id, VectorFields vector, NoiseVectorSuite suite)
    {
        using var initiator = new NoiseVectorSide(vector, suite, NoiseRole.Initiator, change: null);
        using var responder = new NoiseVectorSide(vector, suite, NoiseRole.Responder, change: null);
        var steps = NoiseVectorStep.Read(vector, suite.Pattern);
        foreach (var step in steps)
        {
            var (from, to) = step.From == NoiseRole.Initiator ? (initiator, responder) : (responder, initiator);
            if (step.IsRekey)
            {
                from.RekeySend();
                to.RekeyReceive();
                continue;
            }

            var message = from.Write(step.IsHandshake, step.Payload);
            if (!step.IsDue(message))
            {
                return VectorVerdict.Fail(id, $"message {step.Index} has another ciphertext: {Convert.ToHexStringLower(SHA256.HashData(message))} "
                    + $"is the SHA-256 of the {message.Length} bytes that were made.");
            }

            if (!to.Read(step.IsHandshake, message).AsSpan().SequenceEqual(step.Payload))
            {
                return VectorVerdict.Fail(id, $"message {step.Index} was read as another payload.");
            }
        }

        foreach (var name in (string[])["handshake_hash", "handshake_hash_derived"])
        {
            if (vector.FindHex(name) is { } due && !(due.AsSpan().SequenceEqual(initiator.Hash) && due.AsSpan().SequenceEqual(responder.Hash)))
            {
                return VectorVerdict.Fail(id, $"the {name} is another: {Convert.ToHexStringLower(initiator.Hash)} was computed.");
            }
        }

        return steps.Count > 0 ? VectorVerdict.Pass(id) : VectorVerdict.Fail(id, "it has no messages.");
    }

    private static VectorVerdict Reject(string id, VectorFields reject, VectorFields vector, NoiseVectorSuite suite)
    {
        var mutation = NoiseMutation.Read(reject.Object("mutation"));
        var due = reject.Object("must_fail_at");
        var (dueMessage, isDueOnWrite) = (due.Number("message"), due.FindText("on") == "write");
        using var initiator = new NoiseVectorSide(vector, suite, NoiseRole.Initiator, mutation.Setting);
        using var responder = new NoiseVectorSide(vector, suite, NoiseRole.Responder, mutation.Setting);
        var sent = new List<byte[]>();
        foreach (var step in NoiseVectorStep.Read(vector, suite.Pattern).TakeWhile(step => step.Index <= dueMessage))
        {
            var (from, to) = step.From == NoiseRole.Initiator ? (initiator, responder) : (responder, initiator);
            var message = Array.Empty<byte>();
            try
            {
                message = from.Write(step.IsHandshake, step.Payload);
                sent.Add(message);
                if (step.Index == dueMessage && isDueOnWrite)
                {
                    break;
                }

                _ = to.Read(step.IsHandshake, mutation.Apply(step.Index, message, sent));
            }
            catch (NoiseException)
            {
                // Nothing usable may be left: not even the honest message is taken now.
                return IsDead(() => sent.Count > step.Index ? to.Read(step.IsHandshake, message) : from.Write(step.IsHandshake, step.Payload))
                    ? VectorVerdict.Pass(id)
                    : VectorVerdict.Fail(id, $"it was refused at message {step.Index}, and the state could still be used.");
            }
        }

        return VectorVerdict.Fail(id, $"it was accepted up to message {dueMessage}, where it must have been refused.");
    }

    private static bool IsDead(Func<byte[]> step)
    {
        try
        {
            _ = step();
            return false;
        }
        catch (NoiseException)
        {
            return true;
        }
    }
}
