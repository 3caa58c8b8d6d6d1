using System.CommandLine;
using Replica.Peer.Host;
using Replica.PeerCli.Demo;
using Replica.PeerCli.Demo.Peers;
using Replica.PeerCli.Demo.Reports;
using Replica.PeerCli.Demo.Screen;
using Replica.PeerCli.Input;

namespace Replica.PeerCli.Commands;

/// <summary><c>demo</c>: three peers on this machine, a real graph, a cut, conflicts, a kill, and the same result on all.</summary>
internal static class DemoCommand
{
    private const string DefaultLimit = "55s";
    private const string OwnDataLimit = "10m";

    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var data = Globals.Text("--data", "FILE", "Load this graph: JSON Lines as import takes them, a dpkg status file, or a folder of Markdown");
        var keep = new Option<bool>("--keep") { Description = "Keep the three homes, to look around in them" };
        var limit = Globals.Text("--limit", "TIME", $"Give up after this time; {DefaultLimit} if not given, {OwnDataLimit} with --data");
        var command = new Command(
            "demo", "See it work: three peers, a real graph, a cut, conflicts, a kill, one result; in temporary homes, on this machine only")
        {
            data, keep, limit,
        };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var source = parse.GetValue(data);
            var time = parse.GetValue(limit) ?? (source is null ? DefaultLimit : OwnDataLimit);
            var options = new DemoOptions
            {
                Data = source,
                KeepsHomes = parse.GetValue(keep),
                Limit = TimeSpan.FromSeconds(Duration.Seconds(time, "--limit")),
            };
            var report = await PlayAsync(globals, parse, options, cancellationToken);
            await ShowAsync(globals, parse, report);
            if (report.Fault is not null)
            {
                throw new ReplicaException("REPLICA_DEMO_DIFFERS", report.Fault);
            }
        });
        return command;
    }

    private static async Task<DemoReport> PlayAsync(
        Globals globals, ParseResult parse, DemoOptions options, CancellationToken cancellationToken)
    {
        // With --json the output holds the report alone.
        var terminal = globals.Terminal;
        var (stream, isScreen) = globals.IsJson(parse)
            ? (terminal.Error, terminal.ErrorIsScreen)
            : (terminal.Output, terminal.OutputIsScreen);
        var canMove = isScreen && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        IDemoScreen screen = canMove ? new LiveScreen(stream) : new LineScreen(stream);
        DemoReport? report = null;
        await screen.RunAsync(async () =>
        {
            await using var demo = new DemoRun(options, screen, Executable.Own());
            report = await demo.RunAsync(cancellationToken);
        });
        return report!;
    }

    private static Task ShowAsync(Globals globals, ParseResult parse, DemoReport report)
    {
        if (globals.IsJson(parse))
        {
            globals.Terminal.JsonLine(ReportJson.Of(report));
        }
        else
        {
            foreach (var line in ReportText.Lines(report))
            {
                globals.Terminal.Line(line);
            }
        }

        return globals.Terminal.FlushAsync();
    }
}
