using System.Security.Cryptography;
using Replica.Transport.Noise;

namespace Replica.Testing.Vectors;

/// <summary>One step of a Noise vector.</summary>
/// <param name="Index">Its place among the messages.</param>
/// <param name="From">Who sends.</param>
/// <param name="IsHandshake">Whether it is a message of the handshake.</param>
/// <param name="IsRekey">Whether the direction of the sender is rekeyed, and nothing is sent.</param>
/// <param name="Payload">What is sent.</param>
/// <param name="Ciphertext">The bytes that must go over the wire; nothing where only their hash is given.</param>
/// <param name="CiphertextHash">Their SHA-256; nothing where they are given.</param>
internal sealed record NoiseVectorStep(
    int Index, NoiseRole From, bool IsHandshake, bool IsRekey, byte[] Payload, byte[]? Ciphertext, byte[]? CiphertextHash)
{
    /// <summary>Whether a message is the one that the vector wants.</summary>
    public bool IsDue(byte[] message) =>
        (Ciphertext is null || Ciphertext.AsSpan().SequenceEqual(message))
        && (CiphertextHash is null || CiphertextHash.AsSpan().SequenceEqual(SHA256.HashData(message)));

    /// <summary>The steps of a vector. Where they don't say who sends, both sides do by turns, in one-way patterns the first.</summary>
    public static IReadOnlyList<NoiseVectorStep> Read(VectorFields vector, HandshakePattern pattern)
    {
        var steps = new List<NoiseVectorStep>();
        foreach (var (index, message) in vector.List("messages").Index())
        {
            var phase = message.FindText("phase") ?? (index < pattern.Messages.Length ? "handshake" : "transport");
            var from = message.FindText("from") switch
            {
                "init" => NoiseRole.Initiator,
                "resp" => NoiseRole.Responder,
                null => index % 2 == 0 || pattern.Messages.Length == 1 ? NoiseRole.Initiator : NoiseRole.Responder,
                var other => throw new VectorException($"message {index} is from '{other}'; 'init' and 'resp' are known."),
            };
            if (phase is not ("handshake" or "transport" or "rekey"))
            {
                throw new VectorException($"message {index} is of the phase '{phase}'; 'handshake', 'transport' and 'rekey' are known.");
            }

            if (phase == "handshake" && (steps.Count(static step => step.IsHandshake) is var done && done >= pattern.Messages.Length || (int)from != done % 2))
            {
                throw new VectorException($"message {index} is not that side's turn in the handshake.");
            }

            steps.Add(phase == "rekey"
                ? new(index, from, IsHandshake: false, IsRekey: true, [], null, null)
                : Of(index, from, phase == "handshake", message));
        }

        return steps;
    }

    private static NoiseVectorStep Of(int index, NoiseRole from, bool isHandshake, VectorFields message)
    {
        var (ciphertext, hash) = (message.FindHex("ciphertext"), message.FindHex("ciphertext_sha256"));
        return ciphertext is null && hash is null
            ? throw new VectorException($"message {index} has no 'ciphertext' and no 'ciphertext_sha256'.")
            : new(index, from, isHandshake, IsRekey: false, PayloadOf(message), ciphertext, hash);
    }

    private static byte[] PayloadOf(VectorFields message)
    {
        if (message.Find("payload_repeat") is not { } found)
        {
            return message.FindHex("payload") ?? [];
        }

        var repeat = new VectorFields(found);
        var (value, count) = (repeat.Number("byte"), repeat.Number("count"));
        return value <= byte.MaxValue && count <= CipherState.MessageBytesMax
            ? [.. Enumerable.Repeat((byte)value, count)]
            : throw new VectorException("'payload_repeat' is no byte and a count of at most 65535.");
    }
}
