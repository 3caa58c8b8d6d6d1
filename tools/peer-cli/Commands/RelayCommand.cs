using System.CommandLine;
using System.Net;
using System.Text.Json.Nodes;
using Replica.Peer.Host;
using Replica.Transport;
using Replica.Transport.Relay;
using Replica.Web.Relay;

namespace Replica.PeerCli.Commands;

/// <summary><c>relay</c>: moves ciphertext between devices that can't reach each other. Needs no home and keeps nothing.</summary>
internal static class RelayCommand
{
    private const int KeysMax = 100_000;
    private const long RateMin = 64 * 1024;

    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var listen = new Option<string>("--listen")
        {
            Description = "Where devices come in; wss:// takes its certificate from the usual Kestrel configuration",
            HelpName = "ws://HOST:PORT",
            Required = true,
        };
        var names = new Option<string[]>("--name")
        {
            Description = "What devices dial, HOST or HOST:PORT; may be given again",
            HelpName = "HOST",
            Required = true,
        };
        var open = new Option<bool>("--open") { Description = "Let every device in" };
        var allow = Globals.Text("--allow", "FILE", "Let only these routing keys in: one a line, as 'replica doctor' shows them");
        var token = Globals.Text("--token", "TOKEN", "Let only those in who show this token; empty takes it from REPLICA_RELAY_TOKEN");
        var rate = new Option<long?>("--rate")
        {
            Description = "Bytes a second that one source address may send; 33554432 if not given, 0 for all it can",
            HelpName = "BYTES",
        };
        var sources = Globals.Count("--per-source", "Connections at once from one source address; 256 if not given");
        var proxies = new Option<string[]>("--proxy")
        {
            Description = "A reverse proxy in front: sources are those that it names in X-Forwarded-For; may be given again",
            HelpName = "ADDRESS",
        };
        var drain = Globals.Count("--drain", "Seconds that tunnels may take to end when the relay is told to stop; 10 if not given");
        var command = new Command("relay", "Run a relay for devices that can't reach each other, until Ctrl-C")
        {
            listen, names, open, allow, token, rate, sources, proxies, drain,
        };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var bearer = parse.GetValue(token) is { Length: 0 } ? Environment.GetEnvironmentVariable("REPLICA_RELAY_TOKEN") : parse.GetValue(token);
            var allowed = parse.GetValue(allow) is { } file ? await ReadKeysAsync(file, cancellationToken) : null;
            if (!parse.GetValue(open) && allowed is null && string.IsNullOrEmpty(bearer))
            {
                throw new UsageException("Say who may use the relay: --allow FILE, --token TOKEN, or --open for everybody.");
            }

            if (parse.GetValue(names)!.FirstOrDefault(static name => !RelayHost.IsName(name)) is { } bad)
            {
                throw new UsageException($"--name '{bad}' is no host or host:port.");
            }

            var options = new RelayOptions
            {
                Allowed = allowed,
                BytesPerSourceSecond = Rate(parse.GetValue(rate)),
                ConnectionsPerSourceMax = parse.GetValue(sources) ?? new RelayOptions().ConnectionsPerSourceMax,
            };
            await using var host = await StartAsync(
                ListenAddress(parse.GetValue(listen)!), parse.GetValue(names)!, options, string.IsNullOrEmpty(bearer) ? null : bearer,
                [.. parse.GetValue(proxies)!.Select(ProxyAddress)], cancellationToken);
            await SayReadyAsync(globals, parse, host, parse.GetValue(names)!);
            await WaitForEndAsync(cancellationToken);
            await host.Relay.DrainAsync(TimeSpan.FromSeconds(parse.GetValue(drain) ?? 10));
        });
        return command;
    }

    private static IPAddress ProxyAddress(string text) => IPAddress.TryParse(text, out var address)
        ? address
        : throw new UsageException($"--proxy '{text}' is no IP address: give the one that the proxy's connections come from.");

    /// <summary>At less than a message a second a tunnel would seem silent.</summary>
    private static long? Rate(long? given) => given switch
    {
        null => new RelayOptions().BytesPerSourceSecond,
        0 => null,
        >= RateMin => given,
        _ => throw new UsageException($"--rate is at least {RateMin} bytes a second, or 0 for no limit."),
    };

    private static PeerAddress.WebSocketHost ListenAddress(string text) =>
        PeerAddress.TryParse(text, out var address, out var error) && address is PeerAddress.WebSocketHost { Path: "/" } host
            ? host
            : throw new UsageException($"--listen '{text}': {error ?? "a relay listens at ws://HOST:PORT or wss://HOST:PORT, without a path."}");

    private static async Task<IReadOnlySet<DeviceKey>> ReadKeysAsync(string file, CancellationToken cancellationToken)
    {
        var keys = new HashSet<DeviceKey>();
        var number = 0;
        await foreach (var line in File.ReadLinesAsync(file, cancellationToken))
        {
            number++;
            var text = line.Split('#')[0].Trim();
            if (text.Length == 0)
            {
                continue;
            }

            if (!DeviceKey.TryParse(text, out var key) || keys.Count >= KeysMax)
            {
                throw new UsageException($"{file}, line {number}: a routing key has 64 hex digits, and at most {KeysMax} fit; '#' begins a remark.");
            }

            _ = keys.Add(key);
        }

        return keys;
    }

    private static async Task<RelayHost> StartAsync(
        PeerAddress.WebSocketHost listen, string[] names, RelayOptions options, string? token, IPAddress[] proxies, CancellationToken cancellationToken)
    {
        try
        {
            return await RelayHost.StartAsync(listen, names, options, token, proxies, TimeProvider.System, cancellationToken);
        }
        catch (TransportException fault)
        {
            throw new ReplicaException(fault.Code, fault.Message, fault);
        }
    }

    private static async Task SayReadyAsync(Globals globals, ParseResult parse, RelayHost host, string[] names)
    {
        globals.Terminal.Line(globals.IsJson(parse)
            ? new JsonObject
            {
                ["ready"] = true,
                ["listen"] = host.Address.Relay,
                ["names"] = new JsonArray([.. names.Select(static name => (JsonNode)name)]),
            }.ToJsonString()
            : $"ready: relay at {host.Address.Relay} for {string.Join(" and ", names)}; Ctrl-C ends it");
        await globals.Terminal.FlushAsync();
    }

    private static async Task WaitForEndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Being told to stop is how a relay ends well.
        }
    }
}
