using System.CommandLine;
using System.Text.Json;
using Replica.PeerCli.Control;
using Replica.PeerCli.Output;

namespace Replica.PeerCli.Commands;

/// <summary><c>doctor</c>: what keeps this home from its peers, and what to do about it.</summary>
internal static class DoctorCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var command = new Command("doctor", "Look for what keeps this home from its peers, and say what to do");
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var home = await globals.OpenAsync(parse, cancellationToken);
            var report = await home.Client.GetAsync(home.IsOwn ? "/v1/doctor?daemon=false" : "/v1/doctor", cancellationToken);
            if (globals.IsJson(parse))
            {
                globals.Terminal.JsonLine(report);
                return;
            }

            foreach (var line in Lines(report))
            {
                globals.Terminal.Line(line);
            }
        });
        return command;
    }

    private static IEnumerable<string> Lines(string json)
    {
        using var document = JsonDocument.Parse(json);
        var report = document.RootElement;
        yield return $"engine    {Text(report, "sqlite")}";
        yield return $"disk      {Answer.Number(report, "diskFreeBytes") / (1024 * 1024)} MiB left";
        foreach (var one in Answer.Items(report, "interfaces"))
        {
            yield return $"interface {Text(one, "name")}  {Text(one, "address")}";
        }

        foreach (var one in Answer.Items(report, "multicast"))
        {
            yield return $"multicast {Text(one, "name")}  {Text(one, "address")}  {(Answer.Truth(one, "heard") ? "passes" : "does not pass")}";
        }

        yield return $"lan       {(Answer.Truth(report, "lan") ? "on" : "off")}, {Answer.Number(report, "lanPacketsHeard")} packets heard";
        foreach (var one in Answer.Items(report, "sightings"))
        {
            yield return $"heard     {Text(one, "address")}  {(Answer.Truth(one, "known") ? "a member" : "shares no space")}";
        }

        foreach (var one in Answer.Items(report, "relays"))
        {
            yield return $"relay     {Text(one, "relay")}  {(Answer.Truth(one, "connected") ? "connected" : "not connected")}"
                + (Answer.Truth(one, "polling") ? ", by polling" : "")
                + (one.TryGetProperty("latencyMilliseconds", out var latency) ? $", {latency} ms" : "")
                + $"  routing key {Text(one, "routingKey")}";
        }

        foreach (var one in Answer.Items(report, "peers"))
        {
            yield return $"peer      {Text(one, "address")}  {Text(one, "state")}"
                + (one.TryGetProperty("clockAheadMilliseconds", out var ahead) ? $", clock {ahead.GetInt64() / 1000.0:+0.0;-0.0;0.0} s" : "")
                + (one.TryGetProperty("retryMilliseconds", out var pause) ? $", again in {pause.GetInt64() / 1000.0:0.0} s" : "");
        }

        var isWell = true;
        foreach (var one in Answer.Items(report, "findings"))
        {
            isWell = false;
            yield return $"{Text(one, "severity"),-9} {Text(one, "what")} ({Text(one, "code")})";
            yield return $"          {Text(one, "remedy")}";
        }

        if (isWell)
        {
            yield return "well      nothing was found";
        }
    }

    private static string Text(JsonElement element, string name) => SafeText.Of(Answer.Text(element, name));
}
