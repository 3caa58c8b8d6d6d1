namespace Replica.Testing.Vectors;

/// <summary>What is changed of an honest exchange: a message on its way, or a setting.</summary>
/// <param name="Message">Which message; nothing for a setting.</param>
/// <param name="Setting">Which setting, and what it is instead.</param>
/// <param name="Change">What becomes of the message, given all that were sent.</param>
internal sealed record NoiseMutation(int? Message, (string Field, byte[] Value)? Setting, Func<byte[], IReadOnlyList<byte[]>, byte[]> Change)
{
    /// <summary>Reads it from its file.</summary>
    public static NoiseMutation Read(VectorFields mutation)
    {
        var operation = mutation.Text("op");
        return operation == "config"
            ? new(null, (mutation.Text("field"), mutation.Hex("value")), static (message, _) => message)
            : new(mutation.Number("message"), null, ChangeOf(operation, mutation));
    }

    /// <summary>The message as it arrives.</summary>
    public byte[] Apply(int index, byte[] message, IReadOnlyList<byte[]> sent) => index == Message ? Change(message, sent) : message;

    private static Func<byte[], IReadOnlyList<byte[]>, byte[]> ChangeOf(string operation, VectorFields mutation)
    {
        switch (operation)
        {
            case "xor":
                var (offset, mask) = (mutation.Number("offset"), mutation.Number("mask"));
                return (message, _) => Over(message, offset, [(byte)(At(message, offset) ^ (mask & byte.MaxValue))]);
            case "overwrite":
                var (place, bytes) = (mutation.Number("offset"), mutation.Hex("hex"));
                return (message, _) => Over(message, place, bytes);
            case "truncate":
                var length = mutation.Number("length");
                return (message, _) => message[..Math.Min(length, message.Length)];
            case "append":
                var tail = mutation.Hex("hex");
                return (message, _) => [.. message, .. tail];
            case "replace_with_message":
                var other = mutation.Number("index");
                return (_, sent) => other < sent.Count ? sent[other] : throw new VectorException($"message {other} was not sent yet.");
            default:
                throw new VectorException($"the mutation '{operation}' is not known here.");
        }
    }

    private static byte At(byte[] message, int offset) => offset < message.Length
        ? message[offset]
        : throw new VectorException($"the message has no byte {offset}.");

    private static byte[] Over(byte[] message, int offset, byte[] bytes)
    {
        if (offset + bytes.Length > message.Length)
        {
            throw new VectorException($"the message has no {bytes.Length} bytes at {offset}.");
        }

        byte[] changed = [.. message];
        bytes.CopyTo(changed, offset);
        return changed;
    }
}
