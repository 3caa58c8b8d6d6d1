using System.Globalization;

namespace Replica.Bench.Sync;

/// <summary>One first sync: a child that has the records, and one that has nothing.</summary>
internal sealed class FirstSyncRun(int count, bool isPacked) : Contender
{
    private ChildProcess? _sender;
    private ChildProcess? _receiver;

    /// <inheritdoc/>
    public override async ValueTask PrepareAsync(string folder, CancellationToken cancellationToken)
    {
        var (from, to) = (Path.Combine(folder, "from"), Path.Combine(folder, "to"));
        await using (var fill = ChildProcess.Start("fill", from, count.ToString(CultureInfo.InvariantCulture)))
        {
            if (await fill.EndAsync(cancellationToken) != 0)
            {
                throw new InvalidOperationException("The sender's space could not be filled.");
            }
        }

        var packed = isPacked ? "packed" : "plain";
        _sender = ChildProcess.Start("send", from, packed);
        _receiver = ChildProcess.Start("receive", to, packed);
        _ = await _receiver.HearAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async ValueTask<long> RunAsync(string folder, CancellationToken cancellationToken)
    {
        _receiver!.Say(await _sender!.HearAsync(cancellationToken));
        _ = await _receiver.HearAsync(cancellationToken);
        return count;
    }

    /// <inheritdoc/>
    public override async ValueTask<string?> CheckAsync(CancellationToken cancellationToken)
    {
        _sender!.Say("how much");
        var (bytes, sender, senderTime) = Read(await _sender.HearAsync(cancellationToken));
        var (nodes, receiver, receiverTime) = Read(await _receiver!.HearAsync(cancellationToken));
        return nodes == count
            ? string.Create(CultureInfo.InvariantCulture,
                $"{(double)bytes / count:0.0} bytes a record on the wire; peak memory: sender {Mebi(sender)}, receiver {Mebi(receiver)}; "
                + $"processor time: sender {senderTime.TotalSeconds:0.0} s, receiver {receiverTime.TotalSeconds:0.0} s")
            : throw new InvalidOperationException($"{nodes} nodes arrived, {count} were due.");
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var child in new[] { _sender, _receiver })
        {
            if (child is not null)
            {
                await child.DisposeAsync();
            }
        }
    }

    private static (long Count, long PeakBytes, TimeSpan Time) Read(string line)
    {
        var numbers = line.Split(' ').Select(static word => long.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        return (numbers[0], numbers[1], TimeSpan.FromTicks(numbers[2]));
    }

    private static string Mebi(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.0} MiB");
}
