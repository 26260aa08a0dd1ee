# SPDX-License-Identifier: MIT
# Completion of tithe-cli for bash.
_tithe_cli () {
  local cur prev words cword
  _init_completion || return
  local commands="demo info embed cluster linkage subset export replay decide figure report verify coverage"
  if [ "$cword" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "$commands --help --version" -- "$cur")
    return
  fi
  case "$prev" in
    --method | -m) mapfile -t COMPREPLY < <(compgen -W "learn quick" -- "$cur"); return ;;
    --model) mapfile -t COMPREPLY < <(compgen -W "fast resnet20 resnet32 resnet8" -- "$cur"); return ;;
    --network) _filedir safetensors; return ;;
    --linkage | -l) mapfile -t COMPREPLY < <(compgen -W "complete average single" -- "$cur"); return ;;
    --policy | -p) mapfile -t COMPREPLY < <(compgen -W "per-class global" -- "$cur"); return ;;
    --representative) mapfile -t COMPREPLY < <(compgen -W "centre medoid first" -- "$cur"); return ;;
    --format | -f) mapfile -t COMPREPLY < <(compgen -W "csv jsonl indices mask paths paths-dropped manifest tree imagefolder fiftyone webdataset cifar idx" -- "$cur"); return ;;
    --kind) mapfile -t COMPREPLY < <(compgen -W "sizes dissimilarity redundancy groups accuracy coverage" -- "$cur"); return ;;
    --what) mapfile -t COMPREPLY < <(compgen -W "kept discarded both" -- "$cur"); return ;;
    --link) mapfile -t COMPREPLY < <(compgen -W "copy hard symbolic reflink" -- "$cur"); return ;;
    --budget | -b) mapfile -t COMPREPLY < <(compgen -W "epochs steps both" -- "$cur"); return ;;
    --session) _filedir tithe; return ;;
    --csv) _filedir csv; return ;;
    --rule) mapfile -t COMPREPLY < <(compgen -W "largest sharpest discard-others at-least protect-class protect-folder protect-list" -- "$cur"); return ;;
    --value) _filedir; return ;;
    --embeddings | -e) _filedir '@(npy|npz|safetensors)'; return ;;
    --output | -o | --paths) _filedir; return ;;
    --images | --test | --trials | --ratios | --by-hand | --difference | --draws | --group | --groups | --caption | --sample | --font | --classes | --seed | --epochs | --depth | --width | --height | --rate | --decay | --smoothing | --shift | --size | --threads | --max-memory | --ratio | --threshold | --class | --array) return ;;
  esac
  if [[ $cur == -* ]]; then
    local options="--help --progress"
    case "${words[1]}" in
      demo) options+=" --images --test --classes --seed" ;;
      info) options+=" --json --no-check --threads" ;;
      embed) options+=" --method --model --epochs --depth --width --rate --decay --smoothing --shift --size --seed --network --no-held-out --threads --overwrite --output" ;;
      cluster) options+=" --embeddings --array --paths --linkage --max-memory --overwrite --replace --threads --output" ;;
      linkage) options+=" --class --overwrite --output" ;;
      subset | export) options+=" --ratio --policy --threshold --representative --exact --automatic --format --what --class --link --overwrite --embeddings --output" ;;
      replay) options+=" --session --overwrite --embeddings --output" ;;
      report) options+=" --groups --ratio --policy --threshold --representative --exact --automatic --overwrite --embeddings --output" ;;
      verify) options+=" --quick --ratios --trials --budget --by-hand --exact --policy --representative --model --width --epochs --size --seed --difference --plan --worker --show --by-class --json --csv --overwrite --threads" ;;
      coverage) options+=" --ratios --draws --policy --representative --seed --embeddings --overwrite --output --threads" ;;
      decide) options+=" --rule --value --dry-run --undo --json --ratio --policy --representative --exact" ;;
      figure) options+=" --kind --width --height --font --group --caption --sample --seed --ratios --embeddings --ratio --policy --threshold --representative --exact --automatic --overwrite --output" ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
    return
  fi
  case "${words[1]}" in
    linkage | subset | export | decide | figure | report | verify | coverage) _filedir tithe ;;
    replay) _filedir json ;;
    *) _filedir ;;
  esac
} && complete -F _tithe_cli tithe-cli
