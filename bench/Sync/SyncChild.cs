using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Replica.Bench.Reach;
using Replica.Bench.Rows;
using Replica.Peer.Host;
using Replica.Transport;

namespace Replica.Bench.Sync;

/// <summary>The other processes of the rows on sync and the relay: this program, called again. They talk in lines on the standard streams.</summary>
internal static class SyncChild
{
    /// <summary>The first argument of a call as a child.</summary>
    public const string Mark = "--child";

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(5);

    /// <summary>Runs one.</summary>
    /// <param name="args">The role, its folder, and what it needs.</param>
    public static Task<int> RunAsync(IReadOnlyList<string> args) => args switch
    {
        ["fill", var folder, var count] => FillAsync(folder, int.Parse(count, CultureInfo.InvariantCulture)),
        ["send", var folder, var compress] => SendAsync(folder, compress == "packed"),
        ["receive", var folder, var compress] => ReceiveAsync(folder, compress == "packed"),
        ["watch", var folder, var count] => WatchAsync(folder, int.Parse(count, CultureInfo.InvariantCulture), hasOther: false),
        ["watch-beside", var folder, var count] => WatchAsync(folder, int.Parse(count, CultureInfo.InvariantCulture), hasOther: true),
        ["relay", var limits] => RelayChild.RelayAsync(limits == "limited"),
        ["splice", var port] => RelayChild.SpliceAsync(int.Parse(port, CultureInfo.InvariantCulture)),
        ["flood", var relay] => RelayChild.FloodAsync(relay),
        _ => throw new FormatException("A child is fill, send, receive, watch, watch-beside, relay, splice or flood."),
    };

    private static async Task<int> FillAsync(string folder, int count)
    {
        await using var import = new ReplicaImport(Records.Generate(FirstSync.Seed, count));
        return await import.RunAsync(folder, CancellationToken.None) == count ? 0 : 1;
    }

    /// <summary>Says a ticket and how long its log is; at a line, its bytes and its peak memory, and ends.</summary>
    private static async Task<int> SendAsync(string folder, bool isPacked)
    {
        await using var home = await ReplicaHome.OpenOrCreateAsync(Options(folder, isPacked));
        var space = home.GetSpace("main");
        _ = await home.ListenAsync(PeerAddress.Parse("tcp://127.0.0.1:0"));
        var ticket = (await space.InviteAsync(new InviteOptions())).Ticket;
        PeakMemory.Reset();
        Say($"{ticket} {space.Durable.Max(static position => position.Seq)}");
        Hear();
        var sent = (await home.GetStatusAsync()).Peers.Sum(static peer => peer.BytesOut);
        Say($"{sent} {PeakMemory.Read() ?? 0} {Environment.CpuUsage.TotalTime.Ticks}");
        WaitForEnd();
        return 0;
    }

    /// <summary>At a ticket and a length it joins, and says when all is durable: how many nodes, and its peak memory.</summary>
    private static async Task<int> ReceiveAsync(string folder, bool isPacked)
    {
        await using var home = await ReplicaHome.OpenOrCreateAsync(Options(folder, isPacked));
        Say("ready");
        var words = Hear().Split(' ');
        var due = ulong.Parse(words[1], CultureInfo.InvariantCulture);
        var space = await home.JoinSpaceAsync("main", words[0]);
        await WaitAsync(() => space.Durable.Any(position => position.Seq >= due));
        Say("durable");
        Say($"{(await space.GetStatusAsync()).Nodes} {PeakMemory.Read() ?? 0} {Environment.CpuUsage.TotalTime.Ticks}");
        WaitForEnd();
        return 0;
    }

    /// <summary>Joins with a ticket and says for each further change when it could be read here, by the computer's steady clock.</summary>
    /// <param name="folder">Its home.</param>
    /// <param name="count">How many changes.</param>
    /// <param name="hasOther">Whether a line with another ticket follows, whose space is to come in meanwhile; empty for none.</param>
    private static async Task<int> WatchAsync(string folder, int count, bool hasOther)
    {
        await using var home = await ReplicaHome.OpenOrCreateAsync(Options(folder, isPacked: true));
        var space = await home.JoinSpaceAsync("main", Hear());
        await WaitAsync(() => space.Durable.Count > 0);
        Say("joined");
        var ticket = hasOther ? Hear() : "";
        var other = ticket.Length > 0 ? await home.JoinSpaceAsync("other", ticket) : null;
        if (other is not null)
        {
            await WaitAsync(() => other.Durable.Count > 0);
            Say("begun");
        }

        using var grown = new SemaphoreSlim(0);
        using var watch = space.WatchDurable(() => grown.Release());
        for (var number = 0; number < count; number++)
        {
            while (await space.GetNodeAsync(LiveChanges.IdOf(number)) is null)
            {
                await grown.WaitAsync();
            }

            Say(Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture));
        }

        if (other is not null)
        {
            Say(other.Durable.Max(static position => position.Seq).ToString(CultureInfo.InvariantCulture));
        }

        WaitForEnd();
        return 0;
    }

    private static HomeOptions Options(string folder, bool isPacked) => new()
    {
        Directory = folder,
        Loggers = NullLoggerFactory.Instance,
        Uncompressed = isPacked ? [] : ["main"],
    };

    private static async Task WaitAsync(Func<bool> isTrue)
    {
        using var timer = new PeriodicTimer(s_look);
        while (!isTrue())
        {
            _ = await timer.WaitForNextTickAsync();
        }
    }

    private static string Hear() => Console.ReadLine() ?? throw new EndOfStreamException("The benchmark has ended.");

    /// <summary>Whoever started this closes the stream to end it.</summary>
    private static void WaitForEnd() => _ = Console.ReadLine();

    private static void Say(string line)
    {
        Console.WriteLine(line);
        Console.Out.Flush();
    }
}
