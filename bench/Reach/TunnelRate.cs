namespace Replica.Bench.Reach;

/// <summary>R2: messages through many tunnels at once, beside the least that can stand in the middle.</summary>
internal sealed class TunnelRate : IRow
{
    /// <summary>Size of a message in bytes.</summary>
    public const int MessageBytes = 64 * 1024;

    private const int TunnelCount = 100;
    private const int MessagesEach = 500;

    /// <inheritdoc/>
    public string Name => "R2";

    /// <inheritdoc/>
    public string Title => "50,000 opaque messages of 64 KiB, 500 each through 100 tunnels at once; both ends here, the middle in another process";

    /// <inheritdoc/>
    public long Units => TunnelCount * MessagesEach;

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Func<Contender> Make)> Contenders =>
    [
        ("two-hop TCP splice", () => new SpliceRun(TunnelCount, MessagesEach)),
        ("relay", () => new TunnelRun(TunnelCount, MessagesEach)),
    ];

    /// <summary>How many go through each before the clock starts: the code in the middle is compiled then.</summary>
    public const int WarmUpEach = 100;

    /// <summary>What is sent: it does not compress.</summary>
    public static byte[] Message()
    {
        var message = new byte[MessageBytes];
        var chance = new SplitMix64(1);
        for (var at = 0; at < message.Length; at += sizeof(ulong))
        {
            BitConverter.TryWriteBytes(message.AsSpan(at), chance.Next());
        }

        return message;
    }
}
