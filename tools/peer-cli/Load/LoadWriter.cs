using System.Globalization;
using System.Text.Json;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.PeerCli.Control;

namespace Replica.PeerCli.Load;

/// <summary>Writes changes one after another whose content says which they are, so that what was acknowledged can be looked for.</summary>
/// <remarks>
/// Change n of run R makes the node <c>write/R/n</c> with the fields <c>n</c> and <c>payload</c>. R is the beginning of the
/// device's key and a number that the device counts up in the node <c>write/DEVICE</c>, so that no two runs meet.
/// </remarks>
internal sealed class LoadWriter
{
    private const string Root = "write/";
    private const string RunsField = "runs";
    private const int DeviceDigits = 8;

    private readonly ControlClient _client;
    private readonly string _space;
    private readonly string _counter;
    private readonly long _number;

    private LoadWriter(ControlClient client, string space, string device, long number)
    {
        _client = client;
        _space = space;
        _counter = Root + device;
        _number = number;
        Run = string.Create(CultureInfo.InvariantCulture, $"{device}-{number}");
    }

    /// <summary>The name of the run.</summary>
    public string Run { get; }

    /// <summary>Finds out which run of this device is next.</summary>
    public static async Task<LoadWriter> StartAsync(ControlClient client, string space, CancellationToken cancellationToken)
    {
        using var status = JsonDocument.Parse(await client.GetAsync("/v1/status", cancellationToken));
        var device = Answer.Text(status.RootElement, "device")[..DeviceDigits];
        return new(client, space, device, await LastRunAsync(client, space, Root + device, cancellationToken) + 1);
    }

    /// <summary>The node of a change.</summary>
    public string NodeOf(int n) => string.Create(CultureInfo.InvariantCulture, $"{Root}{Run}/{n}");

    /// <summary>The payload of a change: its own name and a point, over and over, cut to length.</summary>
    public string PayloadOf(int n, int bytes)
    {
        var word = string.Create(CultureInfo.InvariantCulture, $"{Run}/{n}.");
        return string.Create(bytes, word, static (text, word) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = word[i % word.Length];
            }
        });
    }

    /// <summary>Writes change <paramref name="n"/> and returns when it is acknowledged.</summary>
    /// <param name="n">From 1. The first counts up the device's runs in the same transaction.</param>
    /// <param name="payloadBytes">The length of its payload.</param>
    /// <returns>The receipt, as JSON.</returns>
    public Task<string> WriteAsync(int n, int payloadBytes)
    {
        List<Mutation> mutations =
        [
            new Mutation.PutNode(NodeOf(n), null, [new("n", Value.From((long)n)), new("payload", Value.From(PayloadOf(n, payloadBytes)))]),
        ];
        if (n == 1)
        {
            mutations.Add(new Mutation.PutNode(_counter, null, [new(RunsField, Value.From(_number))]));
        }

        // What was begun is seen to its end: breaking it off would leave open whether it was written.
        return _client.WriteAsync(_space, mutations, CancellationToken.None);
    }

    private static async Task<long> LastRunAsync(ControlClient client, string space, string counter, CancellationToken cancellationToken)
    {
        try
        {
            using var node = JsonDocument.Parse(await client.GetAsync(Paths.Of(space, "node", ("id", counter)), cancellationToken));
            return node.RootElement.TryGetProperty("fields", out var fields) ? Answer.Number(fields, RunsField) : 0;
        }
        catch (ReplicaException fault) when (fault.Code == "REPLICA_NOT_FOUND")
        {
            return 0;
        }
    }
}
