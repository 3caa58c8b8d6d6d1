using System.Globalization;
using Replica.Crdt.Values;
using Replica.Peer.Host;

namespace Replica.Tests.EndToEnd.Crashes;

/// <summary>
/// A process that opens a home and writes until it is killed, cheap enough to be killed hundreds of times: this project's
/// own executable, started as <c>crash-write HOME SPACE FIRST</c>.
/// </summary>
internal static class CrashWriter
{
    public const string Command = "crash-write";

    /// <summary>The node of a change.</summary>
    public static string NodeOf(int n) => string.Create(CultureInfo.InvariantCulture, $"crash/{n}");

    /// <summary>What its field holds.</summary>
    public static string PayloadOf(int n) => new((char)('a' + (n % 26)), 1 + (n * 37 % 3000));

    /// <summary>Writes change after change and prints each number when it is acknowledged.</summary>
    public static async Task RunAsync(string directory, string space, int first)
    {
        await using var home = await ReplicaHome.OpenAsync(new HomeOptions { Directory = directory, Holder = Command });
        var target = home.GetSpace(space);
        await using var output = Console.OpenStandardOutput();
        for (var n = first; ; n++)
        {
            Mutation[] change = [new Mutation.PutNode(NodeOf(n), "crash", [new("n", Value.From((long)n)), new("payload", Value.From(PayloadOf(n)))])];
            _ = await target.WriteAsync(change);
            await output.WriteAsync(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{n}\n")));
            await output.FlushAsync();
        }
    }
}
