using System.Diagnostics;
using System.Text;

namespace Replica.Tests.EndToEnd.Docs;

/// <summary>Follows a page as a reader would, and keeps a list of what did not come out as printed.</summary>
internal sealed class PageRun(Page page, Machines machines)
{
    /// <summary>Whether what is untrue is to be rewritten, so that there is no use in waiting long for it to come true.</summary>
    public static bool IsRewriting => Environment.GetEnvironmentVariable("REPLICA_UPDATE_GOLDEN") == "1";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(IsRewriting ? 4 : 20);
    private readonly List<(Step Step, IReadOnlyList<string> Printed)> _corrections = [];
    private readonly StringBuilder _faults = new();

    /// <summary>How many commands were run.</summary>
    public int Commands { get; private set; }

    /// <summary>What is untrue; empty if nothing is.</summary>
    public string Faults => _faults.ToString();

    /// <summary>Runs all that is to be run, to the end even if something is untrue.</summary>
    public async Task RunAsync()
    {
        foreach (var part in page.Parts)
        {
            switch (part)
            {
                case PagePart.Copy copy:
                    var (from, to) = (await machines.GetAsync(copy.FromMachine), await machines.GetAsync(copy.ToMachine));
                    File.Copy(Path.Combine(from.Home, copy.FromFile), Path.Combine(to.Home, copy.ToFile));
                    break;
                case PagePart.Block block when !NotRun.Holds(page, block):
                    foreach (var step in Step.Of(block))
                    {
                        Commands++;
                        await RunAsync(step);
                    }

                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Writes what was printed into the page, in place of what it shows.</summary>
    public void Correct()
    {
        var lines = page.Lines.ToList();
        foreach (var (step, printed) in _corrections.OrderByDescending(static one => one.Step.OutputFirst))
        {
            lines.RemoveRange(step.OutputFirst, step.Output!.Count);
            lines.InsertRange(step.OutputFirst, printed);
        }

        File.WriteAllLines(Path.Combine(Page.Repository, page.Name), lines);
    }

    private async Task RunAsync(Step step)
    {
        var machine = await machines.GetAsync(step.Machine);
        var clock = Stopwatch.StartNew();
        if (step.IsInBackground)
        {
            var read = await machine.StartAsync(step.Command);
            IReadOnlyList<string> said;
            do
            {
                said = read();
                if (said.Count > 0 && ShownOutput.Begins(step.Output ?? [], said) && await machine.GoesOnAsync())
                {
                    return;
                }
            }
            while (clock.Elapsed < s_patience);

            Fault(step, 0, said);
            return;
        }

        while (true)
        {
            var (code, printed) = await machine.RunAsync(step.Command);
            var isTrue = step.Output is null
                ? code == 0
                : ShownOutput.Matches(step.Output, printed) && (code == 0 || step.Output.Count > 0);
            if (isTrue)
            {
                return;
            }

            if (!step.IsReading || clock.Elapsed > s_patience)
            {
                Fault(step, code, printed);
                return;
            }
        }
    }

    private void Fault(Step step, int code, IReadOnlyList<string> printed)
    {
        _ = _faults.Append($"{page.Name}:{step.OutputFirst + 1}: {step.Command}\n");
        foreach (var line in step.Output ?? [])
        {
            _ = _faults.Append($"  page    {line}\n");
        }

        foreach (var line in printed)
        {
            _ = _faults.Append($"  printed {line}\n");
        }

        _ = _faults.Append($"  exit code {code}\n");
        if (step.Output is not null)
        {
            _corrections.Add((step, printed));
        }
    }
}
