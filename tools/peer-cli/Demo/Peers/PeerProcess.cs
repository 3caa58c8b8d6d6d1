using System.Diagnostics;
using System.Text.Json;
using Replica.Peer.Host;
using Replica.PeerCli.Control;

namespace Replica.PeerCli.Demo.Peers;

/// <summary>One running daemon, and the only one to end it. Ends with its owner, whatever happens.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private const int ErrorLinesMax = 20;
    private static readonly TimeSpan s_readyLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_endLimit = TimeSpan.FromSeconds(5);

    private readonly Process _process;
    private readonly Queue<string> _errors = new();
    private readonly Task _errorReading;
    private Task _outputReading = Task.CompletedTask;

    private PeerProcess(Process process)
    {
        _process = process;
        Id = process.Id;
        _errorReading = ReadErrorsAsync();
    }

    /// <summary>The system's number for it.</summary>
    public int Id { get; }

    /// <summary>The address that it listens on.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The path of its control socket.</summary>
    public string ControlPath { get; private set; } = "";

    /// <summary>The most memory that it had, in bytes, as far as it was looked at.</summary>
    public long MemoryBytesMax { get; private set; }

    /// <summary>Whether it has ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Starts a daemon and waits until it says that it is ready.</summary>
    /// <exception cref="ReplicaException">It ended first, or took too long.</exception>
    public static async Task<PeerProcess> StartAsync(Executable executable, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var peer = new PeerProcess(executable.Start(arguments));
        try
        {
            await peer.WaitReadyAsync(cancellationToken);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    /// <summary>Looks how much memory it has had so far.</summary>
    public void Measure()
    {
        if (!_process.HasExited)
        {
            _process.Refresh();
            MemoryBytesMax = Math.Max(MemoryBytesMax, _process.PeakWorkingSet64);
        }
    }

    /// <summary>Ends it at once, without a chance to write anything: SIGKILL.</summary>
    public async Task KillAsync()
    {
        Measure();
        _process.Kill();
        await WaitEndAsync(CancellationToken.None);
    }

    /// <summary>Asks it to end in order; ends it at once if it does not.</summary>
    /// <returns>Whether it ended in order.</returns>
    public async Task<bool> StopAsync()
    {
        Measure();
        if (Signal.TryTerminate(_process))
        {
            using var limit = new CancellationTokenSource(s_endLimit);
            try
            {
                await WaitEndAsync(limit.Token);
                return _process.ExitCode == 0;
            }
            catch (OperationCanceledException)
            {
                // It does not listen: below, it is not asked.
            }
        }

        await KillAsync();
        return false;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        await Task.WhenAll(_errorReading, _outputReading);
        _process.Dispose();
    }

    private async Task WaitReadyAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_readyLimit);
        try
        {
            var line = await _process.StandardOutput.ReadLineAsync(limit.Token);
            if (line is null)
            {
                await WaitEndAsync(limit.Token);
                await _errorReading;
                throw new ReplicaException("REPLICA_DEMO_COMMAND", $"A peer ended with {_process.ExitCode} before it was ready: {Errors()}");
            }

            using var ready = JsonDocument.Parse(line);
            ControlPath = Answer.Text(ready.RootElement, "control");
            Address = Answer.Items(ready.RootElement, "listen").Select(static item => item.GetString()!).FirstOrDefault("");
            _outputReading = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ReplicaException("REPLICA_DEMO_COMMAND", $"A peer was not ready within {s_readyLimit.TotalSeconds} s. {Errors()}");
        }
    }

    private Task WaitEndAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    private async Task ReadErrorsAsync()
    {
        while (await _process.StandardError.ReadLineAsync(CancellationToken.None) is { } line)
        {
            lock (_errors)
            {
                _errors.Enqueue(line);
                if (_errors.Count > ErrorLinesMax)
                {
                    _ = _errors.Dequeue();
                }
            }
        }
    }

    private string Errors()
    {
        lock (_errors)
        {
            return _errors.Count == 0 ? "It said nothing." : string.Join(' ', _errors);
        }
    }
}
